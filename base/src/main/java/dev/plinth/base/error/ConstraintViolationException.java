package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** A value breaks a rule of the schema that was not checked before. */
public final class ConstraintViolationException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String table;
  private final String constraint;

  /** Reports it with its facts. */
  public ConstraintViolationException(String table, String constraint, @Nullable Throwable cause) {
    super(table + ": the value breaks " + constraint, cause);
    this.table = table;
    this.constraint = constraint;
  }

  /** The table, or an empty string where the server does not tell. */
  public String table() {
    return table;
  }

  /** The constraint that said no, without a shard suffix. */
  public String constraint() {
    return constraint;
  }
}
