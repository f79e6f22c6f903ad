package dev.plinth.tasks.schedule;

import static dev.plinth.tasks.jooq.Tables.TASK_SCHEDULES;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * What is to be changed of a schedule; what is not named stays. Immutable: {@code
 * TaskScheduleChanges.none().recurrence(Recurrence.of("0 3 * * *", "Europe/Berlin"))}.
 */
public final class TaskScheduleChanges {

  private final Map<Field<?>, @Nullable Object> assignments;
  private final @Nullable Recurrence recurrence;

  private TaskScheduleChanges(
      Map<Field<?>, @Nullable Object> assignments, @Nullable Recurrence recurrence) {
    this.assignments = Collections.unmodifiableMap(assignments);
    this.recurrence = recurrence;
  }

  /** Where to begin; {@link TaskSchedules#update} refuses it as it is. */
  public static TaskScheduleChanges none() {
    return new TaskScheduleChanges(Map.of(), null);
  }

  /** Another name, 1 to 100 characters. */
  public TaskScheduleChanges name(String name) {
    return with(TASK_SCHEDULES.NAME, Require.text("name", name, NewTaskSchedule.NAME_LENGTH));
  }

  /** Another definition that is enqueued for. */
  public TaskScheduleChanges definition(String name) {
    return with(TASK_SCHEDULES.DEFINITION, name);
  }

  /** Another input, in place of all that was there. */
  public TaskScheduleChanges input(Map<String, Object> members) {
    return with(TASK_SCHEDULES.INPUT, new LinkedHashMap<>(members));
  }

  /** Another member of the input for the instant; null for none. */
  public TaskScheduleChanges instantAs(@Nullable String member) {
    return with(TASK_SCHEDULES.INSTANT_MEMBER, Payload.checkedMember(member));
  }

  /** Other instants, from now on: those before it that had no task yet have none. */
  public TaskScheduleChanges recurrence(Recurrence other) {
    return new TaskScheduleChanges(assignments, other);
  }

  /** Another policy for what is missed. */
  public TaskScheduleChanges missedRuns(MissedRunPolicy policy) {
    return with(TASK_SCHEDULES.MISSED_RUN_POLICY, policy);
  }

  /** Other metadata, in place of all that was there. */
  public TaskScheduleChanges metadata(Map<String, Object> hosts) {
    return with(TASK_SCHEDULES.METADATA, new LinkedHashMap<>(hosts));
  }

  /** Those of single columns. */
  Map<Field<?>, @Nullable Object> assignments() {
    if (assignments.isEmpty() && recurrence == null) {
      throw new InvalidValueException("changes", "must name something to change");
    }
    return assignments;
  }

  Optional<Recurrence> newRecurrence() {
    return Optional.ofNullable(recurrence);
  }

  /** What is enqueued then; empty if that stays. */
  Optional<Payload> newPayload(TaskSchedule before) {
    Payload was = before.payload();
    Payload is =
        new Payload(
            then(TASK_SCHEDULES.DEFINITION).orElse(was.definition()),
            then(TASK_SCHEDULES.INPUT).orElse(was.input()),
            assignments.containsKey(TASK_SCHEDULES.INSTANT_MEMBER)
                ? then(TASK_SCHEDULES.INSTANT_MEMBER).orElse(null)
                : was.instantMember());
    return is.equals(was) ? Optional.empty() : Optional.of(is);
  }

  private <T> Optional<T> then(Field<T> column) {
    return Optional.ofNullable(assignments.get(column)).map(column.getType()::cast);
  }

  private TaskScheduleChanges with(Field<?> field, @Nullable Object value) {
    Map<Field<?>, @Nullable Object> more = new LinkedHashMap<>(assignments);
    more.put(field, value);
    return new TaskScheduleChanges(more, recurrence);
  }
}
