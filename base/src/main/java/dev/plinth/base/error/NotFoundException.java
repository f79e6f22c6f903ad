package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** There is no such thing, or it is not visible to who asks: the two cannot be told apart. */
public final class NotFoundException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String what;
  private final String id;

  /** Reports it with its facts. */
  public NotFoundException(String what, String id, @Nullable Throwable cause) {
    this(what, id, "", cause);
  }

  /** Reports it with its facts and with what to do about it, empty for nothing. */
  public NotFoundException(String what, String id, String remedy, @Nullable Throwable cause) {
    super(what + " not found: " + id + remedy, cause);
    this.what = what;
    this.id = id;
  }

  /** What was looked for, in the words of the schema, such as {@code project}. */
  public String what() {
    return what;
  }

  /** The key it was looked for by. */
  public String id() {
    return id;
  }
}
