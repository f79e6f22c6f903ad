package dev.plinth.tasks.worker;

import dev.plinth.base.error.PlinthException;
import java.time.Duration;

/**
 * Thrown by a {@link TaskHandler}: not now. The task waits so long and the attempt does not count.
 */
public final class SnoozedException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final Duration delay;

  /** Says how long to wait. */
  public SnoozedException(Duration delay) {
    super("snoozed for " + delay, null);
    this.delay = Delays.checked(delay);
  }

  /** How long to wait. */
  public Duration delay() {
    return delay;
  }
}
