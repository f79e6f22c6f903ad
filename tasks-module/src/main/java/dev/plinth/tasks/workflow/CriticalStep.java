package dev.plinth.tasks.workflow;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * A step of what a run took its time for.
 *
 * @param readyAt when the step before ended, or the run began
 * @param startedAt when its last attempt began: what earlier ones took counts as waiting
 */
public record CriticalStep(
    UUID task, String node, Instant readyAt, Instant startedAt, Instant finishedAt) {

  /** How long it waited for a worker, and for earlier attempts. */
  public Duration waited() {
    return Duration.between(readyAt, startedAt);
  }

  /** How long its last attempt took. */
  public Duration ran() {
    return Duration.between(startedAt, finishedAt);
  }
}
