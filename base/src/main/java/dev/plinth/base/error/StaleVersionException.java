package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** Somebody else changed the row since it was read: read it again and decide anew. */
public final class StaleVersionException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String what;
  private final String id;
  private final int expectedVersion;

  /** Reports it with its facts. */
  public StaleVersionException(
      String what, String id, int expectedVersion, @Nullable Throwable cause) {
    super(what + " " + id + " is not at version " + expectedVersion + " any more", cause);
    this.what = what;
    this.id = id;
    this.expectedVersion = expectedVersion;
  }

  /** What was looked for, in the words of the schema, such as {@code project}. */
  public String what() {
    return what;
  }

  /** The key it was looked for by. */
  public String id() {
    return id;
  }

  /** The expected version. */
  public int expectedVersion() {
    return expectedVersion;
  }
}
