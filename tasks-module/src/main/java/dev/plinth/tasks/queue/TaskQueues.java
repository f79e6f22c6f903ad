package dev.plinth.tasks.queue;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.definition.Queues;
import java.util.List;

/**
 * Where tasks wait. A queue needs not be made: it is there as soon as something waits in it.
 * Owners, admins and services pause and resume. Thread-safe.
 */
public final class TaskQueues {

  private static final String REFUSAL = "only owners, admins and services pause queues";
  private final QueueQueries queries = new QueueQueries();

  /**
   * Has nothing claimed from a queue any more; what runs goes on, and tasks may be enqueued. One
   * that is paused stays as it is.
   *
   * @throws InvalidValueException if a queue cannot be called so
   * @throws AccessDeniedException if who acts does not administer the organization
   */
  public void pause(TenantTx tx, String name) {
    tx.requireAdministrator(REFUSAL);
    queries.pause(tx, Queues.checked(name));
  }

  /**
   * Opens a queue again, and wakes the workers; one that is open stays as it is.
   *
   * @throws InvalidValueException if a queue cannot be called so
   * @throws AccessDeniedException if who acts does not administer the organization
   */
  public void resume(TenantTx tx, String name) {
    tx.requireAdministrator(REFUSAL);
    queries.resume(tx, Queues.checked(name));
  }

  /**
   * The queues in which something waits or runs, and those that were ever paused, by name. It
   * counts: what it costs grows with what waits and runs, not with what is finished.
   */
  public List<TaskQueue> list(TenantTx tx) {
    return queries.list(tx);
  }
}
