package dev.plinth.tasks.queue;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A queue, as it is now.
 *
 * @param pausedAtOrNull since when nothing is claimed from it, or null while it is open
 * @param pausedByOrNull the member who paused it, or null
 * @param waiting how many tasks a worker may claim; not those for later, or that depend on others
 * @param running how many a worker has
 * @param unhandled how many wait for a worker that knows their handler
 */
public record TaskQueue(
    String name,
    @Nullable Instant pausedAtOrNull,
    @Nullable UUID pausedByOrNull,
    long waiting,
    long running,
    long unhandled) {

  /** Since when nothing is claimed from it; empty while it is open. */
  public Optional<Instant> pausedAt() {
    return Optional.ofNullable(pausedAtOrNull);
  }

  /** The member who paused it; empty while it is open, and where a service did. */
  public Optional<UUID> pausedBy() {
    return Optional.ofNullable(pausedByOrNull);
  }
}
