package dev.plinth.base.page;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list in a stable order.
 *
 * @param items the rows, at most as many as were asked for
 * @param nextCursor where the next page begins, or null on the last one
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

  /** Copies the list. */
  public Page {
    items = List.copyOf(items);
  }

  /** Where the next page begins; empty on the last one. */
  public Optional<String> next() {
    return Optional.ofNullable(nextCursor);
  }
}
