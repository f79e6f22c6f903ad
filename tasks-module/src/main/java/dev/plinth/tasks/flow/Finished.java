package dev.plinth.tasks.flow;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An item that was done, for as long as it stood so.
 *
 * @param untilOrNull when it was not any more, or changed otherwise; null for never
 */
record Finished(Instant completedAt, Instant since, @Nullable Instant untilOrNull) {

  /** Whether it was known to be done just before a time. */
  boolean knownBefore(Instant time) {
    return since.isBefore(time) && (untilOrNull == null || !untilOrNull.isBefore(time));
  }
}
