package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** The database cannot be reached, or the connection broke. */
public final class DatabaseUnavailableException extends PlinthException {

  private static final long serialVersionUID = 1L;

  /** Reports it with its facts. */
  public DatabaseUnavailableException(String reason, @Nullable Throwable cause) {
    super("The database is not available: " + reason, cause);
  }
}
