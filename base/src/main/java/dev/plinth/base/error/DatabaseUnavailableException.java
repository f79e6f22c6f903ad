package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** The database cannot be reached, or the connection broke. */
public final class DatabaseUnavailableException extends PlinthException {

  private static final long serialVersionUID = 1L;

  /** Reports it with its facts. */
  public DatabaseUnavailableException(String reason, @Nullable Throwable cause) {
    super("The database is not available: " + reason + because(cause), cause);
  }

  /** The first line alone: what follows may quote values. */
  private static String because(@Nullable Throwable cause) {
    Throwable root = cause;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return root == null || root.getMessage() == null
        ? ""
        : ": " + root.getMessage().lines().findFirst().orElse("");
  }
}
