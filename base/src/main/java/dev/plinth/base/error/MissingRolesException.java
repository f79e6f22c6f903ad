package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** Roles are missing and this login may not make or grant them. */
public final class MissingRolesException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  /** Reports it with its facts. */
  public MissingRolesException(String remedy, @Nullable Throwable cause) {
    super(
        "The roles are incomplete and this login may not change that. Run as a DBA:\n" + remedy,
        cause);
    this.remedy = remedy;
  }

  /** The remedy. */
  public String remedy() {
    return remedy;
  }
}
