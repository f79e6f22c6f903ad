package dev.plinth.projects.project;

import static dev.plinth.projects.jooq.Tables.PROJECTS;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import dev.plinth.base.sql.Priority;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * What is to be changed of a project; what is not named stays. Immutable: {@code
 * ProjectChanges.none().name("Apollo 11").priority(Priority.HIGH)}.
 */
public final class ProjectChanges {

  private final Map<Field<?>, @Nullable Object> assignments;

  private ProjectChanges(Map<Field<?>, @Nullable Object> assignments) {
    this.assignments = Collections.unmodifiableMap(assignments);
  }

  /** Where to begin; {@link Projects#update} refuses it as it is. */
  public static ProjectChanges none() {
    return new ProjectChanges(Map.of());
  }

  /** Another name, 1 to 200 characters. */
  public ProjectChanges name(String name) {
    return with(PROJECTS.NAME, Require.text("name", name, NewProject.NAME_LENGTH));
  }

  /** Another description, empty for none. */
  public ProjectChanges description(String text) {
    return with(
        PROJECTS.DESCRIPTION, Require.optionalText("description", text, NewProject.TEXT_LENGTH));
  }

  /** Other goals, empty for none. */
  public ProjectChanges goals(String text) {
    return with(PROJECTS.GOALS, Require.optionalText("goals", text, NewProject.TEXT_LENGTH));
  }

  /** Another priority. */
  public ProjectChanges priority(Priority priority) {
    return with(PROJECTS.PRIORITY, priority);
  }

  /**
   * Other dates; null for none.
   *
   * @throws InvalidValueException if the target is before the start
   */
  public ProjectChanges dates(@Nullable LocalDate start, @Nullable LocalDate target) {
    NewProject.requireOrder(start, target);
    return with(PROJECTS.START_DATE, start).with(PROJECTS.TARGET_DATE, target);
  }

  /** Another owner, who is a member; null for none. */
  public ProjectChanges owner(@Nullable UUID user) {
    return with(PROJECTS.OWNER_ID, user);
  }

  /** Another workspace of the organization; null for none. */
  public ProjectChanges workspace(@Nullable UUID workspace) {
    return with(PROJECTS.WORKSPACE_ID, workspace);
  }

  /** Other tags, at most 50 of 1 to 50 characters. */
  public ProjectChanges tags(List<String> tags) {
    return with(PROJECTS.TAGS, NewProject.checkedTags(tags).toArray(String[]::new));
  }

  /** Other metadata, in place of all that was there. */
  public ProjectChanges metadata(Map<String, Object> metadata) {
    return with(PROJECTS.METADATA, new LinkedHashMap<>(metadata));
  }

  Map<Field<?>, @Nullable Object> assignments() {
    if (assignments.isEmpty()) {
      throw new InvalidValueException("changes", "must name something to change");
    }
    return assignments;
  }

  Optional<UUID> newOwner() {
    return Optional.ofNullable((UUID) assignments.get(PROJECTS.OWNER_ID));
  }

  Optional<UUID> newWorkspace() {
    return Optional.ofNullable((UUID) assignments.get(PROJECTS.WORKSPACE_ID));
  }

  private ProjectChanges with(Field<?> field, @Nullable Object value) {
    Map<Field<?>, @Nullable Object> more = new LinkedHashMap<>(assignments);
    more.put(field, value);
    return new ProjectChanges(more);
  }
}
