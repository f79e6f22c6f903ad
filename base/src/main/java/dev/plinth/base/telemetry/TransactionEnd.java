package dev.plinth.base.telemetry;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a transaction ended.
 *
 * @param took from asking for a connection until it was given back
 * @param failureOrNull what it was rolled back for, or null if it was committed (or, of a joined
 *     one, left to the host)
 */
public record TransactionEnd(
    Kind kind, Mode mode, Duration took, @Nullable Throwable failureOrNull) {

  /** Whom it was for. */
  public enum Kind {
    /** One organization. */
    TENANT,
    /** All of them. */
    SYSTEM
  }

  /** How it was asked for. */
  public enum Mode {
    /** {@code call} or {@code run}. */
    WRITE,
    /** {@code read}. */
    READ,
    /** {@code readReplica}. */
    REPLICA,
    /** {@code join}. */
    JOIN
  }

  /** What it was rolled back for. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failureOrNull);
  }
}
