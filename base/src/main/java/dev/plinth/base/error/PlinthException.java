package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** What every exception of Plinth has in common. Its leaves say what happened, as typed fields. */
public abstract class PlinthException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  protected PlinthException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
