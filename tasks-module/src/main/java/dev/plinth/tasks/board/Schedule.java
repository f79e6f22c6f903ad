package dev.plinth.tasks.board;

import dev.plinth.base.error.InvalidValueException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a work item is planned.
 *
 * @param start when it is to begin, or null
 * @param end by when it is to be done, after the start; delayed from then on; or null
 */
public record Schedule(@Nullable Instant start, @Nullable Instant end) {

  private static final Schedule OPEN = new Schedule(null, null);

  /** Checks the components. */
  public Schedule {
    if (start != null && end != null && !end.isAfter(start)) {
      throw new InvalidValueException("end", "must be after the start");
    }
  }

  /** At no time in particular. */
  public static Schedule open() {
    return OPEN;
  }
}
