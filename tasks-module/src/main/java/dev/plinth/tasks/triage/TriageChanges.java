package dev.plinth.tasks.triage;

import static dev.plinth.tasks.jooq.Tables.TRIAGE_ITEMS;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import dev.plinth.base.sql.Priority;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * What is to be changed of a triage item; what is not named stays. Immutable: {@code
 * TriageChanges.none().assignee(bob).category("bug")}.
 */
public final class TriageChanges {

  private final Map<Field<?>, @Nullable Object> assignments;

  private TriageChanges(Map<Field<?>, @Nullable Object> assignments) {
    this.assignments = Collections.unmodifiableMap(assignments);
  }

  /** Where to begin; {@link TriageItems#update} refuses it as it is. */
  public static TriageChanges none() {
    return new TriageChanges(Map.of());
  }

  /** Another title, 1 to 200 characters. */
  public TriageChanges title(String title) {
    return with(TRIAGE_ITEMS.TITLE, Require.text("title", title, NewTriageItem.TITLE_LENGTH));
  }

  /** Another description, empty for none. */
  public TriageChanges description(String text) {
    return with(
        TRIAGE_ITEMS.DESCRIPTION,
        Require.optionalText("description", text, NewTriageItem.DESCRIPTION_LENGTH));
  }

  /** Another priority. */
  public TriageChanges priority(Priority priority) {
    return with(TRIAGE_ITEMS.PRIORITY, priority);
  }

  /** Another member who looks; null for nobody. */
  public TriageChanges assignee(@Nullable UUID user) {
    return with(TRIAGE_ITEMS.ASSIGNEE_ID, user);
  }

  /** Another kind, 1 to 100 characters in the host's words; null for none. */
  public TriageChanges category(@Nullable String kind) {
    return with(
        TRIAGE_ITEMS.CATEGORY,
        kind == null ? null : Require.text("category", kind, NewTriageItem.CATEGORY_LENGTH));
  }

  Map<Field<?>, @Nullable Object> assignments() {
    if (assignments.isEmpty()) {
      throw new InvalidValueException("changes", "must name something to change");
    }
    return assignments;
  }

  /** Whether it says what only the reporter or who administers changes. */
  boolean words() {
    return assignments.containsKey(TRIAGE_ITEMS.TITLE)
        || assignments.containsKey(TRIAGE_ITEMS.DESCRIPTION);
  }

  Optional<UUID> newAssignee() {
    return Optional.ofNullable((UUID) assignments.get(TRIAGE_ITEMS.ASSIGNEE_ID));
  }

  private TriageChanges with(Field<?> field, @Nullable Object value) {
    Map<Field<?>, @Nullable Object> more = new LinkedHashMap<>(assignments);
    more.put(field, value);
    return new TriageChanges(more);
  }
}
