package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** What is to be unique exists already, or something still depends on what is to go. */
public final class ConflictException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String table;
  private final String what;
  private final String constraint;

  /** Reports it with its facts. */
  public ConflictException(
      String table, String what, String constraint, @Nullable Throwable cause) {
    super(
        (table.isEmpty() ? "" : table + ": ")
            + what
            + " is already taken or still in use ("
            + constraint
            + ")",
        cause);
    this.table = table;
    this.what = what;
    this.constraint = constraint;
  }

  /** The table, or an empty string where the server does not tell. */
  public String table() {
    return table;
  }

  /** What was looked for, in the words of the schema, such as {@code project}. */
  public String what() {
    return what;
  }

  /** The constraint that said no, without a shard suffix. */
  public String constraint() {
    return constraint;
  }
}
