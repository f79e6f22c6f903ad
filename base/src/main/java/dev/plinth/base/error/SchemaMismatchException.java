package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** The schema of a module is not what this version of the module works with. */
public final class SchemaMismatchException extends PlinthException {

  private static final long serialVersionUID = 1L;

  /** What is wrong with the schema. */
  public enum Kind {
    /** Migrations are missing: run {@code migrate()}. */
    BEHIND,
    /** A newer host has migrated it: update this one. */
    AHEAD,
    /** A migration was edited or failed after it was applied. */
    CHANGED,
    /** A schema of that name belongs to somebody else. */
    FOREIGN
  }

  private final String module;
  private final Kind kind;

  /** Reports it with its facts. */
  public SchemaMismatchException(
      String module, Kind kind, String detail, @Nullable Throwable cause) {
    super("Schema plinth_" + module + " is " + describe(kind) + ": " + detail, cause);
    this.module = module;
    this.kind = kind;
  }

  /** The module whose schema it is. */
  public String module() {
    return module;
  }

  /** What is wrong with it. */
  public Kind kind() {
    return kind;
  }

  private static String describe(Kind kind) {
    return switch (kind) {
      case BEHIND -> "behind this version";
      case AHEAD -> "ahead of this version";
      case CHANGED -> "not what was migrated";
      case FOREIGN -> "not Plinth's";
    };
  }
}
