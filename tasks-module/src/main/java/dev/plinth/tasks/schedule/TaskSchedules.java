package dev.plinth.tasks.schedule;

import static dev.plinth.tasks.jooq.Tables.TASK_SCHEDULES;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.Require;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.definition.InputRules;
import dev.plinth.tasks.definition.InvalidInputException;
import dev.plinth.tasks.definition.TaskDefinitions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * When tasks recur. Workers enqueue a task for each instant of a schedule, exactly one however many
 * there are; where no worker runs, nothing recurs. A task has its schedule as its subject ({@code
 * task_schedule}) and {@code schedule:<id>:<instant>} as its idempotency key. Owners, admins and
 * services make and change schedules; deleted ones are gone for everything here. Thread-safe.
 */
public final class TaskSchedules {

  /** How late an instant may be found and still count as on time. */
  public static final Duration TOLERANCE = Duration.ofMinutes(1);

  /** The most instants that {@link #upcoming} returns. */
  public static final int MAX_UPCOMING = 1000;

  static final String WHAT = "task_schedule";

  private static final String REFUSAL = "only owners, admins and services schedule tasks";
  private final TaskScheduleQueries queries = new TaskScheduleQueries();
  private final TaskDefinitions definitions = new TaskDefinitions();

  /**
   * Makes a schedule; the instants after now count.
   *
   * @return the stored schedule
   * @throws NotFoundException if the organization has no definition of that name
   * @throws InvalidInputException if the input does not keep to the definition's schema
   * @throws ConflictException if the name is taken
   * @throws AccessDeniedException if who acts does not administer the organization
   */
  public TaskSchedule create(TenantTx tx, NewTaskSchedule schedule) {
    tx.requireAdministrator(REFUSAL);
    requireAccepted(tx, schedule.payload());
    return queries
        .insert(tx, schedule)
        .orElseThrow(
            () -> new ConflictException("task_schedules", "name", "task_schedules_name_uq", null));
  }

  /**
   * The schedule of an id.
   *
   * @throws NotFoundException if the organization has none
   */
  public TaskSchedule get(TenantTx tx, UUID id) {
    return queries.find(tx, TASK_SCHEDULES.ID.eq(id)).orElseThrow(() -> missing(id));
  }

  /** The schedule of a name; empty if the organization has none. */
  public Optional<TaskSchedule> findByName(TenantTx tx, String name) {
    return queries.find(tx, TASK_SCHEDULES.NAME.eq(name));
  }

  /**
   * The schedules, by name.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<TaskSchedule> list(TenantTx tx, PageRequest request) {
    return queries.page(tx, request);
  }

  /**
   * The instants that come next, in their order; none while it is paused.
   *
   * @param most how many, 1 to {@value #MAX_UPCOMING}
   * @throws NotFoundException if there is no such schedule
   * @throws InvalidValueException if {@code most} is out of range, or this host does not know the
   *     zone
   */
  public List<Instant> upcoming(TenantTx tx, UUID id, int most) {
    Require.between("most", most, 1, MAX_UPCOMING);
    TaskSchedule schedule = get(tx, id);
    return schedule.pausedAt().isPresent()
        ? List.of()
        : schedule.recurrence().upcoming(countedFrom(tx, schedule), most);
  }

  /**
   * Changes what is named. Runs change no version.
   *
   * @param version what the caller saw
   * @return the stored schedule
   * @throws NotFoundException if there is no such schedule, or no definition of the new name
   * @throws InvalidInputException if definition or input are named, and it does not keep to the
   *     schema
   * @throws StaleVersionException if it changed since
   * @throws ConflictException if the new name is taken
   * @throws AccessDeniedException if who acts does not administer the organization
   * @throws InvalidValueException if nothing is named
   */
  public TaskSchedule update(TenantTx tx, UUID id, int version, TaskScheduleChanges changes) {
    Map<Field<?>, @Nullable Object> assignments = new LinkedHashMap<>(changes.assignments());
    TaskSchedule before = lock(tx, id, version);
    changes.newPayload(before).ifPresent(payload -> requireAccepted(tx, payload));
    changes
        .newRecurrence()
        .ifPresent(
            recurrence -> {
              assignments.putAll(TaskScheduleRows.recurrence(recurrence));
              boolean paused = before.pausedAt().isPresent();
              assignments.putAll(counted(countedFrom(tx, before), paused ? null : recurrence));
            });
    return queries.update(tx, id, assignments);
  }

  /**
   * Has nothing enqueued for it any more; one that is paused stays as it is.
   *
   * @return the stored schedule
   * @throws NotFoundException if there is no such schedule
   * @throws AccessDeniedException if who acts does not administer the organization
   */
  public TaskSchedule pause(TenantTx tx, UUID id) {
    TaskSchedule before = lock(tx, id);
    if (before.pausedAt().isPresent()) {
      return before;
    }
    Map<Field<?>, @Nullable Object> changes = new LinkedHashMap<>();
    changes.put(TASK_SCHEDULES.PAUSED_AT, tx.now());
    changes.put(TASK_SCHEDULES.PAUSED_BY, tx.userId().orElse(null));
    changes.put(TASK_SCHEDULES.NEXT_RUN_AT, null);
    return queries.update(tx, id, changes);
  }

  /**
   * Lets it go on with the instants after now: what came while it was paused was not missed, and is
   * not made up for. One that is not paused stays as it is.
   *
   * @return the stored schedule
   * @throws NotFoundException if there is no such schedule
   * @throws AccessDeniedException if who acts does not administer the organization
   * @throws InvalidValueException if this host does not know the zone
   */
  public TaskSchedule resume(TenantTx tx, UUID id) {
    TaskSchedule before = lock(tx, id);
    if (before.pausedAt().isEmpty()) {
      return before;
    }
    Map<Field<?>, @Nullable Object> changes = counted(countedFrom(tx, before), before.recurrence());
    changes.put(TASK_SCHEDULES.PAUSED_AT, null);
    changes.put(TASK_SCHEDULES.PAUSED_BY, null);
    return queries.update(tx, id, changes);
  }

  /**
   * Deletes a schedule softly: its name is free again, and the tasks that it enqueued stay.
   *
   * @param version what the caller saw
   * @throws NotFoundException if there is no such schedule
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts does not administer the organization
   */
  public void delete(TenantTx tx, UUID id, int version) {
    lock(tx, id, version);
    queries.delete(tx, id);
  }

  /** With an instant, if it gets one: that must keep to the schema, too. */
  private void requireAccepted(TenantTx tx, Payload payload) {
    InputRules.of(definitions.getByName(tx, payload.definition())).json(payload.inputFor(tx.now()));
  }

  /** A clock that went back does not bring back what is settled. */
  private static Instant countedFrom(TenantTx tx, TaskSchedule schedule) {
    return schedule.countedFrom().isAfter(tx.now()) ? schedule.countedFrom() : tx.now();
  }

  /** The next one after an instant; none of null. */
  private static Map<Field<?>, @Nullable Object> counted(
      Instant from, @Nullable Recurrence recurrence) {
    Map<Field<?>, @Nullable Object> columns = new LinkedHashMap<>();
    columns.put(TASK_SCHEDULES.COUNTED_FROM, from);
    columns.put(
        TASK_SCHEDULES.NEXT_RUN_AT, recurrence == null ? null : recurrence.next(from).orElse(null));
    return columns;
  }

  private TaskSchedule lock(TenantTx tx, UUID id, int version) {
    TaskSchedule schedule = lock(tx, id);
    if (schedule.version() != version) {
      throw new StaleVersionException(WHAT, id.toString(), version, null);
    }
    return schedule;
  }

  private TaskSchedule lock(TenantTx tx, UUID id) {
    tx.requireAdministrator(REFUSAL);
    return queries.lock(tx, id).orElseThrow(() -> missing(id));
  }

  private static NotFoundException missing(UUID id) {
    return new NotFoundException(WHAT, id.toString(), null);
  }
}
