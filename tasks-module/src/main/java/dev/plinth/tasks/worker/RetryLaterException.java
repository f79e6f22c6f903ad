package dev.plinth.tasks.worker;

import dev.plinth.base.error.PlinthException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a {@link TaskHandler}: the attempt failed, and the next one is not before a certain
 * time, whatever the definition says; as a server that answers {@code Retry-After} wants it.
 */
public final class RetryLaterException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final Duration delay;

  /** Says why, and how long to wait. */
  public RetryLaterException(String message, Duration delay) {
    this(message, delay, null);
  }

  /** Says why, how long to wait, and what it came from. */
  public RetryLaterException(String message, Duration delay, @Nullable Throwable cause) {
    super(message, cause);
    this.delay = Delays.checked(delay);
  }

  /** How long to wait. */
  public Duration delay() {
    return delay;
  }
}
