package dev.plinth.tasks.definition;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.time.Duration;

/**
 * How often and when a task that failed is tried again: the second attempt waits for {@code base},
 * each further one {@code factor} times as long as the one before, none longer than {@code max};
 * each time by chance up to {@code jitter} of it less or more.
 *
 * @param attempts after how many the task is dead, 1 to {@value #MOST_ATTEMPTS}
 * @param base not longer than {@code max}
 * @param factor 1 to {@value #MOST_FACTOR}
 * @param max at most seven days
 * @param jitter 0 to 1
 */
public record RetryPolicy(int attempts, Duration base, double factor, Duration max, double jitter) {

  private static final int MOST_ATTEMPTS = 1000;
  private static final int MOST_FACTOR = 100;
  private static final Duration LONGEST = Duration.ofDays(7);

  /** Checks the components. */
  public RetryPolicy {
    Require.between("attempts", attempts, 1, MOST_ATTEMPTS);
    if (base.isNegative() || base.compareTo(max) > 0) {
      throw new InvalidValueException("base", "must be between nothing and max");
    }
    if (!(factor >= 1 && factor <= MOST_FACTOR)) {
      throw new InvalidValueException("factor", "must be between 1 and " + MOST_FACTOR);
    }
    if (max.compareTo(LONGEST) > 0) {
      throw new InvalidValueException("max", "must not be longer than seven days");
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new InvalidValueException("jitter", "must be between 0 and 1");
    }
  }

  /** Five attempts, after a second, two, four and eight, more or less a fifth. */
  public static RetryPolicy standard() {
    return new RetryPolicy(5, Duration.ofSeconds(1), 2, Duration.ofHours(1), 0.2);
  }

  /** One attempt. */
  public static RetryPolicy never() {
    return standard().attempts(1);
  }

  /** The same with another number of attempts. */
  public RetryPolicy attempts(int most) {
    return new RetryPolicy(most, base, factor, max, jitter);
  }

  /** The same with other waits: the first, and how much longer each further one is. */
  public RetryPolicy backoff(Duration first, double growth) {
    return new RetryPolicy(attempts, first, growth, max, jitter);
  }

  /** The same with another longest wait. */
  public RetryPolicy atMost(Duration longest) {
    return new RetryPolicy(attempts, base, factor, longest, jitter);
  }

  /** The same with more or less chance. */
  public RetryPolicy jitter(double part) {
    return new RetryPolicy(attempts, base, factor, max, part);
  }
}
