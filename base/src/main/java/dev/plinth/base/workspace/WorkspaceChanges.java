package dev.plinth.base.workspace;

import static dev.plinth.base.jooq.Tables.WORKSPACES;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * What is to be changed of a workspace; what is not named stays. Immutable: {@code
 * WorkspaceChanges.none().name("Design").slug("design")}.
 */
public final class WorkspaceChanges {

  private final Map<Field<?>, @Nullable Object> assignments;

  private WorkspaceChanges(Map<Field<?>, @Nullable Object> assignments) {
    this.assignments = Collections.unmodifiableMap(assignments);
  }

  /** Where to begin; {@link Workspaces#update} refuses it as it is. */
  public static WorkspaceChanges none() {
    return new WorkspaceChanges(Map.of());
  }

  /** Another slug, as of {@link NewWorkspace}. */
  public WorkspaceChanges slug(String slug) {
    return with(WORKSPACES.SLUG, Require.slug("slug", slug));
  }

  /** Another name, 1 to 200 characters. */
  public WorkspaceChanges name(String name) {
    return with(WORKSPACES.NAME, Require.text("name", name, NewWorkspace.NAME_LENGTH));
  }

  /** Another description, empty for none. */
  public WorkspaceChanges description(String text) {
    return with(
        WORKSPACES.DESCRIPTION,
        Require.optionalText("description", text, NewWorkspace.DESCRIPTION_LENGTH));
  }

  /** Other metadata, in place of all that was there. */
  public WorkspaceChanges metadata(Map<String, Object> metadata) {
    return with(WORKSPACES.METADATA, new LinkedHashMap<>(metadata));
  }

  Map<Field<?>, @Nullable Object> assignments() {
    if (assignments.isEmpty()) {
      throw new InvalidValueException("changes", "must name something to change");
    }
    return assignments;
  }

  private WorkspaceChanges with(Field<?> field, @Nullable Object value) {
    Map<Field<?>, @Nullable Object> more = new LinkedHashMap<>(assignments);
    more.put(field, value);
    return new WorkspaceChanges(more);
  }
}
