package dev.plinth.tasks.board;

import static dev.plinth.tasks.jooq.Tables.WORK_ITEMS;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import dev.plinth.base.sql.Priority;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * What is to be changed of a work item; what is not named stays. Immutable: {@code
 * WorkItemChanges.none().title("Other").priority(Priority.HIGH)}.
 */
public final class WorkItemChanges {

  private final Map<Field<?>, @Nullable Object> assignments;

  private WorkItemChanges(Map<Field<?>, @Nullable Object> assignments) {
    this.assignments = Collections.unmodifiableMap(assignments);
  }

  /** Where to begin; {@link WorkItems#update} refuses it as it is. */
  public static WorkItemChanges none() {
    return new WorkItemChanges(Map.of());
  }

  /** Another title, 1 to 200 characters. */
  public WorkItemChanges title(String title) {
    return with(WORK_ITEMS.TITLE, Require.text("title", title, NewWorkItem.TITLE_LENGTH));
  }

  /** Another description, empty for none. */
  public WorkItemChanges description(String text) {
    return with(
        WORK_ITEMS.DESCRIPTION,
        Require.optionalText("description", text, NewWorkItem.DESCRIPTION_LENGTH));
  }

  /** Another project; null for none. Its history stays with the one that it was of. */
  public WorkItemChanges project(@Nullable UUID project) {
    return with(WORK_ITEMS.PROJECT_ID, project);
  }

  /** Another priority. */
  public WorkItemChanges priority(Priority priority) {
    return with(WORK_ITEMS.PRIORITY, priority);
  }

  /** Another time, both of start and end. */
  public WorkItemChanges schedule(Schedule schedule) {
    return with(WORK_ITEMS.START_AT, schedule.start()).with(WORK_ITEMS.END_AT, schedule.end());
  }

  /** Another estimate; null for none. */
  public WorkItemChanges points(@Nullable BigDecimal points) {
    return with(WORK_ITEMS.POINTS, NewWorkItem.checkedPoints(points));
  }

  /** Other metadata, in place of all that was there. */
  public WorkItemChanges metadata(Map<String, Object> metadata) {
    return with(WORK_ITEMS.METADATA, new LinkedHashMap<>(metadata));
  }

  Map<Field<?>, @Nullable Object> assignments() {
    if (assignments.isEmpty()) {
      throw new InvalidValueException("changes", "must name something to change");
    }
    return assignments;
  }

  private WorkItemChanges with(Field<?> field, @Nullable Object value) {
    Map<Field<?>, @Nullable Object> more = new LinkedHashMap<>(assignments);
    more.put(field, value);
    return new WorkItemChanges(more);
  }
}
