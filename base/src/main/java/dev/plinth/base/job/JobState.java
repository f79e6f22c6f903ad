package dev.plinth.base.job;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a job is doing, on whatever host.
 *
 * @param name the module and what the job does
 * @param nextRunAt when it is due; in the past while it runs
 * @param leaseHolderOrNull process and machine that run it, or did so until they were lost; or null
 * @param leaseUntilOrNull when another host may take over, or null
 * @param lastStartedAtOrNull when a run last began, or null
 * @param lastFinishedAtOrNull when a run last ended, or null
 * @param lastSucceededAtOrNull when a run last succeeded, or null
 * @param runs how many began so far
 * @param failures how many of them failed, took too long or were lost
 * @param consecutiveFailures how many since the last success
 * @param lastErrorOrNull why the last one failed, or null after a success
 */
public record JobState(
    String name,
    Instant nextRunAt,
    @Nullable String leaseHolderOrNull,
    @Nullable Instant leaseUntilOrNull,
    @Nullable Instant lastStartedAtOrNull,
    @Nullable Instant lastFinishedAtOrNull,
    @Nullable Instant lastSucceededAtOrNull,
    long runs,
    long failures,
    int consecutiveFailures,
    @Nullable String lastErrorOrNull) {

  /** Who runs it, or did so until they were lost; empty if its last run ended. */
  public Optional<String> leaseHolder() {
    return Optional.ofNullable(leaseHolderOrNull);
  }

  /** When another host may take over; empty if its last run ended. */
  public Optional<Instant> leaseUntil() {
    return Optional.ofNullable(leaseUntilOrNull);
  }

  /** When a run last began; empty if none did. */
  public Optional<Instant> lastStartedAt() {
    return Optional.ofNullable(lastStartedAtOrNull);
  }

  /** When a run last ended, however it ended; empty if none did. */
  public Optional<Instant> lastFinishedAt() {
    return Optional.ofNullable(lastFinishedAtOrNull);
  }

  /** When a run last succeeded; empty if none did. */
  public Optional<Instant> lastSucceededAt() {
    return Optional.ofNullable(lastSucceededAtOrNull);
  }

  /** Why the last run failed; empty after a success. */
  public Optional<String> lastError() {
    return Optional.ofNullable(lastErrorOrNull);
  }
}
