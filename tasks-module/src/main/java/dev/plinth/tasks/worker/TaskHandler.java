package dev.plinth.tasks.worker;

import org.jspecify.annotations.Nullable;

/**
 * Does tasks: a function of the host. It may be called again for the same task, when its host died
 * or what it came to could not be written; what it does in the database exactly once, it does in
 * {@link TaskContext#inTransaction}. Called on several threads at once.
 */
@FunctionalInterface
public interface TaskHandler {

  /**
   * Does one task.
   *
   * @return what it came to: anything that Jackson writes as JSON, or null for nothing
   * @throws PermanentFailureException if trying again is of no use
   * @throws RetryLaterException if it is to be tried again at a certain time
   * @throws Exception if it failed; it is tried again as its definition says
   */
  @Nullable Object handle(TaskContext context) throws Exception;
}
