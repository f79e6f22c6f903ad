package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** The database refused a statement for a reason that has no type of its own. */
public final class DatabaseException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String sqlState;

  /** Reports it with its facts. */
  public DatabaseException(String sqlState, @Nullable Throwable cause) {
    super("The database refused the statement (SQLSTATE " + sqlState + ")", cause);
    this.sqlState = sqlState;
  }

  /** The sql state. */
  public String sqlState() {
    return sqlState;
  }
}
