package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/**
 * What exceptions of Plinth have in common, save {@link InvalidValueException}, which is an {@link
 * IllegalArgumentException}. Its leaves say what happened, as typed fields.
 */
public abstract class PlinthException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  protected PlinthException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
