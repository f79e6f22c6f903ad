package dev.plinth.tasks.worker;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How a definition has its tasks tried.
 *
 * @param allowed after how many failed attempts a task is dead
 * @param timeout how long one may take
 * @param base how long the second waits
 * @param factor how much longer each further one waits
 * @param max how long any waits at most, before jitter
 * @param jitter by which part of the time, at random, it waits longer or shorter
 */
record RetryRules(
    int allowed, Duration timeout, Duration base, double factor, Duration max, double jitter) {

  /**
   * Exponential backoff with a cap and jitter: {@code min(max, base × factor^(failed − 1)) × (1 ±
   * jitter)}.
   *
   * @param failed how many attempts failed, at least 1
   */
  Duration backoff(int failed) {
    double steady = Math.min(max.toMillis(), base.toMillis() * Math.pow(factor, failed - 1.0));
    double spread = 1 + jitter * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    return Duration.ofMillis(Math.round(steady * spread));
  }
}
