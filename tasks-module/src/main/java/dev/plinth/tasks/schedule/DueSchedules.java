package dev.plinth.tasks.schedule;

import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.OrganizationNotActiveException;
import dev.plinth.base.tenancy.Tenancy;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.definition.InvalidInputException;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enqueues what schedules of all organizations owe. Workers call it; several may at once, each
 * takes what no other has locked. Thread-safe.
 */
public final class DueSchedules {

  static final String WHO = "tasks.schedules";

  private static final Logger LOG = LoggerFactory.getLogger(DueSchedules.class);

  /** How many a worker looks after before it claims tasks again. */
  private static final int MOST = 100;

  /** After what time a schedule is tried again whose zone this host does not know. */
  private static final Duration UNREADABLE = Duration.ofHours(1);

  private final Tasks tasks = new Tasks();
  private final DueScheduleQueries queries = new DueScheduleQueries();

  /** Has no state of its own. */
  public DueSchedules() {}

  /**
   * Enqueues what is due, each schedule in a transaction of its own, in which it is moved on too.
   *
   * @param longest when to look again at the latest
   * @return when to look again
   */
  public Duration enqueue(Tenancy tenancy, Duration longest) {
    DueScheduleQueries.Soon soon = tenancy.asSystem(WHO).read(tx -> queries.soon(tx, MOST));
    long moved = soon.due().stream().filter(found -> enqueue(tenancy, found)).count();
    if (moved > 0) {
      return Duration.ZERO;
    }
    return soon.next().filter(next -> next.compareTo(longest) < 0).orElse(longest);
  }

  /** One that fails hinders no other. */
  private boolean enqueue(Tenancy tenancy, DueScheduleQueries.Found found) {
    try {
      return tenancy.asService(found.organization(), WHO).call(tx -> enqueue(tx, found.id()));
    } catch (OrganizationNotActiveException e) {
      LOG.debug("Schedules of an organization that is not active wait", e);
    } catch (DatabaseUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("Schedule {} is not moved on; it is tried again", found.id(), e);
    }
    return false;
  }

  /** Whether it was due, and nobody else is at it. */
  boolean enqueue(TenantTx tx, UUID id) {
    Optional<TaskSchedule> schedule = queries.lockDue(tx, id);
    schedule.ifPresent(due -> settle(tx, due));
    return schedule.isPresent();
  }

  private void settle(TenantTx tx, TaskSchedule schedule) {
    Due due;
    try {
      due = Due.of(schedule, tx.now());
    } catch (InvalidValueException e) {
      Instant later = tx.now().plus(UNREADABLE);
      failed(tx, schedule, new Due(List.of(), schedule.countedFrom(), later), e);
      return;
    }
    try {
      queries.moveOn(tx, schedule.id(), due, enqueued(tx, schedule, due));
    } catch (NotFoundException | InvalidInputException | InvalidValueException e) {
      failed(tx, schedule, due, e);
    }
  }

  /** The last of the tasks; empty if there is none to be. */
  private Optional<UUID> enqueued(TenantTx tx, TaskSchedule schedule, Due due) {
    List<NewTask> owed = due.instants().stream().map(at -> task(schedule, at)).toList();
    List<UUID> ids = tasks.enqueueAll(tx, owed);
    return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(ids.size() - 1));
  }

  private static NewTask task(TaskSchedule schedule, Instant instant) {
    return NewTask.of(schedule.definition())
        .input(schedule.payload().inputFor(instant))
        .subject(TaskSchedules.WHAT, schedule.id())
        .idempotencyKey("schedule:" + schedule.id() + ":" + instant);
  }

  private void failed(TenantTx tx, TaskSchedule schedule, Due due, RuntimeException refusal) {
    String why = refusal.getClass().getSimpleName();
    LOG.warn("Schedule {} enqueues nothing: {}", schedule.id(), why);
    queries.fail(tx, schedule.id(), due, new TaskSchedule.Failure(tx.now(), why, text(refusal)));
    Instant instant = schedule.nextRunAt().orElse(tx.now());
    tx.publish(new TaskScheduleFailed(tx.organizationId(), schedule.id(), instant));
  }

  private static String text(RuntimeException refusal) {
    String message = String.valueOf(refusal.getMessage());
    return message.substring(0, Math.min(message.length(), DueScheduleQueries.MESSAGE_LENGTH));
  }
}
