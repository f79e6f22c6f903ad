package dev.plinth.tasks.worker;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task that this worker holds.
 *
 * @param token the fencing token: every write of the worker names it
 * @param worker who holds it, for people
 * @param attempt this one; the first is 1
 * @param input as JSON
 * @param schema what the input has to keep to, as JSON, where it was not checked when enqueued:
 *     outputs of other tasks may be in it; else null
 * @param readyAt since when it could have begun
 * @param claimedAt by the database's clock
 * @param claimedNanos the same moment by {@link System#nanoTime()}, not later
 */
record Claim(
    UUID organization,
    UUID id,
    UUID token,
    String worker,
    Kind kind,
    String queue,
    int attempt,
    RetryRules rules,
    String input,
    @Nullable String schema,
    Instant readyAt,
    @Nullable Instant deadline,
    @Nullable UUID run,
    @Nullable String node,
    boolean limited,
    Instant claimedAt,
    long claimedNanos) {

  /** Of what definition, and which function of the host does it. */
  record Kind(UUID definitionId, String definition, String handler) {}

  /** What the database's clock shows when {@link System#nanoTime()} shows that. */
  Instant at(long nanos) {
    return claimedAt.plusNanos(nanos - claimedNanos);
  }
}
