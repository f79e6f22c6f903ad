package dev.plinth.tasks.queue;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConcurrentUpdateException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.definition.InvalidInputException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Work that a program executes: enqueued in the caller's transaction, claimed by workers. Everybody
 * but viewers enqueues, cancels and replays. Thread-safe.
 */
public final class Tasks {

  static final String WHAT = "task";

  private final Enqueueing enqueueing = new Enqueueing();
  private final TaskQueries queries = new TaskQueries();

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
   * Enqueues many tasks as {@link #enqueue} does, all or none, in one statement where nothing
   * stands in the way.
   *
   * @return the ids, in the order given
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
}
