package dev.plinth.tasks.worker;

import dev.plinth.base.error.PlinthException;
import org.jspecify.annotations.Nullable;

/** Thrown by a {@link TaskHandler}: the task failed, and trying again is of no use. */
public final class PermanentFailureException extends PlinthException {

  private static final long serialVersionUID = 1L;

  /** Says why. */
  public PermanentFailureException(String message) {
    this(message, null);
  }

  /** Says why, and what it came from. */
  public PermanentFailureException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
