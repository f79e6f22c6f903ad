package dev.plinth.tasks.definition;

import dev.plinth.base.error.InvalidValueException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How many tasks of a definition run at once, over all workers.
 *
 * @param runningOrNull of all, or null for any number
 * @param runningPerKeyOrNull of those that share a concurrency key, or null for any number
 */
public record Limits(@Nullable Integer runningOrNull, @Nullable Integer runningPerKeyOrNull) {

  /** No limits. */
  public static final Limits NONE = new Limits(null, null);

  /** Checks the numbers. */
  public Limits {
    requirePositive("atMost", runningOrNull);
    requirePositive("atMostPerKey", runningPerKeyOrNull);
  }

  /** How many run at once; empty for any number. */
  public OptionalInt running() {
    return runningOrNull == null ? OptionalInt.empty() : OptionalInt.of(runningOrNull);
  }

  /** How many of one concurrency key run at once; empty for any number. */
  public OptionalInt runningPerKey() {
    return runningPerKeyOrNull == null ? OptionalInt.empty() : OptionalInt.of(runningPerKeyOrNull);
  }

  /** Whether there is one. */
  public boolean any() {
    return runningOrNull != null || runningPerKeyOrNull != null;
  }

  private static void requirePositive(String component, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new InvalidValueException(component, "must be more than 0");
    }
  }
}
