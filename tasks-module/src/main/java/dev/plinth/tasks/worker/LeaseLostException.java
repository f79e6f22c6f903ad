package dev.plinth.tasks.worker;

import dev.plinth.base.error.PlinthException;
import java.util.UUID;

/**
 * This worker no longer holds the task: its lease ran out and another took over, or the task was
 * ended meanwhile. What was done in the transaction is undone.
 */
public final class LeaseLostException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final UUID task;

  LeaseLostException(UUID task) {
    super("The lease of task " + task + " is lost: this attempt writes nothing any more", null);
    this.task = task;
  }

  /** Which task. */
  public UUID task() {
    return task;
  }
}
