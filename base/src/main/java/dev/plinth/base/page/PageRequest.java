package dev.plinth.base.page;

import dev.plinth.base.error.Require;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list.
 *
 * @param limit how many rows at most, 1 to {@value #MAX_LIMIT}
 * @param cursor what the page before gave as its next, or null for the first page
 */
public record PageRequest(int limit, @Nullable String cursor) {

  /** The most rows of one page. */
  public static final int MAX_LIMIT = 1000;

  /** Checks the limit. */
  public PageRequest {
    Require.between("limit", limit, 1, MAX_LIMIT);
  }

  /** The first page. */
  public static PageRequest first(int limit) {
    return new PageRequest(limit, null);
  }

  /** The page that begins at a cursor. */
  public static PageRequest after(String cursor, int limit) {
    return new PageRequest(limit, cursor);
  }
}
