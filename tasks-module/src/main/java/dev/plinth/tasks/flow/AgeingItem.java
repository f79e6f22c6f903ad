package dev.plinth.tasks.flow;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that is being worked on.
 *
 * @param startedAt when it was first in progress since it was last cancelled
 * @param age since then
 * @param finishedSoonerOrNull which part of what was done took no longer than this already, from 0
 *     to 1: above 0.85 it is older than what the team promises; or null where nothing was done
 */
public record AgeingItem(
    UUID workItemId, Instant startedAt, Duration age, @Nullable Double finishedSoonerOrNull) {

  /** Which part of what was done took no longer than this already; empty where nothing was. */
  public OptionalDouble finishedSooner() {
    return finishedSoonerOrNull == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(finishedSoonerOrNull);
  }
}
