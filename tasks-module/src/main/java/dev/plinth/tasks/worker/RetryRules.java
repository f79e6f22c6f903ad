package dev.plinth.tasks.worker;

import dev.plinth.tasks.definition.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How a task is tried.
 *
 * @param allowed after how many failed attempts it is dead; more than its definition says after a
 *     replay
 * @param timeout how long one may take
 */
record RetryRules(int allowed, Duration timeout, RetryPolicy policy) {

  /**
   * Exponential backoff with a cap and jitter: {@code min(max, base × factor^(failed − 1)) × (1 ±
   * jitter)}.
   *
   * @param failed how many attempts failed, at least 1
   */
  Duration backoff(int failed) {
    double grown = policy.base().toMillis() * Math.pow(policy.factor(), failed - 1.0);
    double steady = Math.min(policy.max().toMillis(), grown);
    double spread = 1 + policy.jitter() * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    return Duration.ofMillis(Math.round(steady * spread));
  }
}
