package dev.plinth.tasks.queue;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConcurrentUpdateException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.Require;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.definition.InvalidInputException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Work that a program executes: enqueued in the caller's transaction, claimed by workers. Everybody
 * but viewers enqueues, cancels, replays, reschedules and reprioritizes. Thread-safe.
 */
public final class Tasks {

  /** The most that {@link #replayAll} and its like change at once. */
  public static final int MAX_BATCH = 10_000;

  static final String WHAT = "task";

  private static final String ANOTHER_TURN = "another turn";
  private static final String ONLY_WHAT_WAITS = ": only what waits is moved";

  private final Enqueueing enqueueing = new Enqueueing();
  private final TaskQueries queries = new TaskQueries();
  private final TaskLists lists = new TaskLists();
  private final TaskChanges changes = new TaskChanges();
  private final TaskTurns turns = new TaskTurns();
  private final TaskHistory history = new TaskHistory();

  /**
   * Enqueues one task; it becomes visible to workers when the transaction commits, and wakes them.
   *
   * @return the stored task, or the earlier one if {@code task} has an idempotency key already
   *     used, also when two are enqueued at once
   * @throws NotFoundException if the organization has no definition of that name
   * @throws InvalidInputException if its input is no JSON, longer than a million characters, or
   *     does not keep to the definition's schema
   * @throws InvalidValueException if its deadline is not after the time when it may begin
   * @throws AccessDeniedException if who acts is a viewer
   * @throws ConcurrentUpdateException if its definition changes all the time
   */
  public Task enqueue(TenantTx tx, NewTask task) {
    tx.requireWriter();
    Enqueueing.Outcome outcome = enqueueing.one(tx, task);
    return outcome.stored() == null ? get(tx, outcome.id()) : outcome.stored();
  }

  /**
   * Enqueues many tasks as {@link #enqueue} does, all or none, in one round trip where nothing
   * stands in the way.
   *
   * @return the ids, in the order given
   * @throws NotFoundException as {@link #enqueue}
   * @throws InvalidInputException as {@link #enqueue}; it says which of them
   * @throws InvalidValueException as {@link #enqueue}
   * @throws AccessDeniedException if who acts is a viewer
   * @throws ConcurrentUpdateException as {@link #enqueue}
   */
  public List<UUID> enqueueAll(TenantTx tx, Collection<NewTask> tasks) {
    tx.requireWriter();
    return enqueueing.all(tx, tasks);
  }

  /**
   * The task of an id.
   *
   * @throws NotFoundException if the organization has none
   */
  public Task get(TenantTx tx, UUID id) {
    return find(tx, id).orElseThrow(() -> new NotFoundException(WHAT, id.toString(), null));
  }

  /** The task of an id; empty if the organization has none. */
  public Optional<Task> find(TenantTx tx, UUID id) {
    return queries.find(tx, id);
  }

  /**
   * Some of the tasks, newest first.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Task> list(TenantTx tx, TaskFilter filter, PageRequest request) {
    return lists.page(tx, filter, request);
  }

  /**
   * Cancels a task. One that waits is cancelled at once, and what depends on it is told; one that
   * runs is asked to stop, and its handler decides; one that is cancelled stays so.
   *
   * @return the task as it is then
   * @throws NotFoundException if there is no such task
   * @throws IllegalTransitionException if it succeeded or is dead
   * @throws AccessDeniedException if who acts is a viewer
   */
  public Task cancel(TenantTx tx, UUID id) {
    tx.requireWriter();
    Optional<TaskStatus> status = changes.cancel(tx, id);
    Task task = get(tx, id);
    if (status.isPresent()) {
      boolean running = status.get() == TaskStatus.RUNNING;
      tx.publish(new TaskCancelled(tx.organizationId(), id, running));
    } else if (task.status() != TaskStatus.CANCELLED) {
      throw illegal(task, word(TaskStatus.CANCELLED), "");
    }
    return task;
  }

  /**
   * Has a task that is dead or cancelled wait again, now, with as many more attempts as its
   * definition allows. What the attempts failed of stays with them; a deadline that is over is
   * forgotten. A workflow run that is over stays over: {@code WorkflowRuns.replay} has it go on, as
   * a whole or from one of its nodes.
   *
   * @return the task as it is then
   * @throws NotFoundException if there is no such task
   * @throws IllegalTransitionException if it is neither dead nor cancelled, or was cancelled
   *     because it waited in vain for others
   * @throws AccessDeniedException if who acts is a viewer
   */
  public Task replay(TenantTx tx, UUID id) {
    tx.requireWriter();
    boolean replayed = !changes.replay(tx, List.of(id)).isEmpty();
    Task task = get(tx, id);
    if (!replayed) {
      throw illegal(task, word(TaskStatus.PENDING), "");
    }
    tx.publish(new TaskReplayed(tx.organizationId(), id));
    return task;
  }

  /**
   * Replays dead tasks as {@link #replay} does, the oldest first; to be called, each time in a
   * transaction, until it replays less than the limit. What somebody else changes at the moment is
   * left out.
   *
   * @param filter its status does not matter
   * @param limit how many at most, 1 to {@value #MAX_BATCH}
   * @return how many were replayed
   * @throws InvalidValueException if the limit is out of range
   * @throws AccessDeniedException if who acts is a viewer
   */
  public int replayAll(TenantTx tx, TaskFilter filter, int limit) {
    tx.requireWriter();
    Require.between("limit", limit, 1, MAX_BATCH);
    List<UUID> dead = lists.lock(tx, filter.status(TaskStatus.DEAD), limit);
    List<UUID> replayed = dead.isEmpty() ? dead : changes.replay(tx, dead);
    replayed.forEach(id -> tx.publish(new TaskReplayed(tx.organizationId(), id)));
    return replayed.size();
  }

  /**
   * Has a task that waits (for a worker, its time, other tasks or another attempt) begin at another
   * time. A time that is over means now: workers are told, and a task that may begin already keeps
   * its turn. What waits for others goes on waiting for them.
   *
   * @param notBefore when it may begin at the earliest
   * @return the task as it is then
   * @throws NotFoundException if there is no such task
   * @throws InvalidValueException if its deadline is not after that
   * @throws IllegalTransitionException if it runs or has ended
   * @throws AccessDeniedException if who acts is a viewer
   */
  public Task reschedule(TenantTx tx, UUID id, Instant notBefore) {
    tx.requireWriter();
    Instant time = TaskTurns.time(tx, notBefore);
    boolean moved = !turns.reschedule(tx, List.of(id), time).isEmpty();
    Task task = get(tx, id);
    if (!moved) {
      throw immovable(task, time);
    }
    tx.publish(new TaskRescheduled(tx.organizationId(), id, time));
    return task;
  }

  /**
   * Reschedules tasks that wait as {@link #reschedule} does, the oldest first; to be called, each
   * time in a transaction, until it moves less than the limit. What somebody else changes at the
   * moment is left out, and so is what has that time already, or a deadline that is not after it.
   * Looks at all tasks of the organization, unless the filter names a run, subject or project.
   *
   * @param filter of a status in which tasks do not wait it finds nothing
   * @param limit how many at most, 1 to {@value #MAX_BATCH}
   * @return how many were moved
   * @throws InvalidValueException if the limit is out of range
   * @throws AccessDeniedException if who acts is a viewer
   */
  public int rescheduleAll(TenantTx tx, TaskFilter filter, Instant notBefore, int limit) {
    tx.requireWriter();
    Require.between("limit", limit, 1, MAX_BATCH);
    Instant time = TaskTurns.time(tx, notBefore);
    List<UUID> waiting = lists.lock(tx, filter, TaskTurns.movable(tx, time), limit);
    List<UUID> moved = waiting.isEmpty() ? waiting : turns.reschedule(tx, waiting, time);
    moved.forEach(id -> tx.publish(new TaskRescheduled(tx.organizationId(), id, time)));
    return moved.size();
  }

  /**
   * Makes a task that waits (for a worker, its time, other tasks or another attempt) more or less
   * urgent: each level is a head start of five minutes.
   *
   * @return the task as it is then
   * @throws NotFoundException if there is no such task
   * @throws IllegalTransitionException if it runs or has ended
   * @throws AccessDeniedException if who acts is a viewer
   */
  public Task reprioritize(TenantTx tx, UUID id, Priority priority) {
    tx.requireWriter();
    boolean changed = !turns.reprioritize(tx, List.of(id), priority).isEmpty();
    Task task = get(tx, id);
    if (!changed) {
      throw illegal(task, ANOTHER_TURN, ONLY_WHAT_WAITS);
    }
    tx.publish(new TaskReprioritized(tx.organizationId(), id, priority));
    return task;
  }

  /**
   * Reprioritizes tasks that wait as {@link #reprioritize} does, in batches as {@link
   * #rescheduleAll} does; what has that priority already is left out.
   *
   * @param filter of a status in which tasks do not wait it finds nothing
   * @param limit how many at most, 1 to {@value #MAX_BATCH}
   * @return how many were changed
   * @throws InvalidValueException if the limit is out of range
   * @throws AccessDeniedException if who acts is a viewer
   */
  public int reprioritizeAll(TenantTx tx, TaskFilter filter, Priority priority, int limit) {
    tx.requireWriter();
    Require.between("limit", limit, 1, MAX_BATCH);
    List<UUID> waiting = lists.lock(tx, filter, TaskTurns.without(priority), limit);
    List<UUID> changed = waiting.isEmpty() ? waiting : turns.reprioritize(tx, waiting, priority);
    changed.forEach(id -> tx.publish(new TaskReprioritized(tx.organizationId(), id, priority)));
    return changed.size();
  }

  /**
   * The attempts at a task that ended, the first one first, as long as they are kept.
   *
   * @throws NotFoundException if there is no such task
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<TaskAttempt> attempts(TenantTx tx, UUID id, PageRequest request) {
    get(tx, id);
    return history.attempts(tx, id, request);
  }

  /**
   * What handlers of a task logged, oldest first, as long as it is kept.
   *
   * @throws NotFoundException if there is no such task
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<TaskLogLine> logs(TenantTx tx, UUID id, PageRequest request) {
    get(tx, id);
    return history.logs(tx, id, request);
  }

  /**
   * What attempts at a task consumed, the first one first, as long as it is kept; nothing of
   * attempts under a second of which the handler said nothing.
   *
   * @throws NotFoundException if there is no such task
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<TaskUsage> usage(TenantTx tx, UUID id, PageRequest request) {
    get(tx, id);
    return history.usage(tx, id, request);
  }

  private static IllegalTransitionException illegal(Task task, String to, String obstacle) {
    return new IllegalTransitionException(WHAT, word(task.status()), to, obstacle, null);
  }

  private static RuntimeException immovable(Task task, Instant time) {
    boolean waits = !task.status().isFinal() && task.status() != TaskStatus.RUNNING;
    return waits && task.deadline().filter(deadline -> !deadline.isAfter(time)).isPresent()
        ? new InvalidValueException("notBefore", "must be before the deadline of the task")
        : illegal(task, ANOTHER_TURN, ONLY_WHAT_WAITS);
  }

  private static String word(TaskStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
