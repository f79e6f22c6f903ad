package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** The state that is asked for cannot follow the present one. */
public final class IllegalTransitionException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String what;
  private final String from;
  private final String to;

  /** Reports it with its facts. */
  public IllegalTransitionException(
      String what, String from, String to, @Nullable Throwable cause) {
    this(what, from, to, "", cause);
  }

  /**
   * Reports it with its facts and with what stands in the way, empty for nothing but the states.
   */
  public IllegalTransitionException(
      String what, String from, String to, String obstacle, @Nullable Throwable cause) {
    super(what + " cannot go from " + from + " to " + to + obstacle, cause);
    this.what = what;
    this.from = from;
    this.to = to;
  }

  /** What was looked for, in the words of the schema, such as {@code project}. */
  public String what() {
    return what;
  }

  /** The from. */
  public String from() {
    return from;
  }

  /** The to. */
  public String to() {
    return to;
  }
}
