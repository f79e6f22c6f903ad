package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** Two transactions met and this one gave way: running it again is the remedy. */
public final class ConcurrentUpdateException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String sqlState;

  /** Reports it with its facts. */
  public ConcurrentUpdateException(String sqlState, @Nullable Throwable cause) {
    super(
        "The transaction lost against another one (SQLSTATE " + sqlState + "): run it again",
        cause);
    this.sqlState = sqlState;
  }

  /** The sql state. */
  public String sqlState() {
    return sqlState;
  }
}
