package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** The cursor of a page is malformed, or belongs to another query or organization. */
public final class InvalidCursorException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String query;

  /** Reports it with its facts. */
  public InvalidCursorException(String query, @Nullable Throwable cause) {
    super("This is no cursor of " + query + " in this organization", cause);
    this.query = query;
  }

  /** The query. */
  public String query() {
    return query;
  }
}
