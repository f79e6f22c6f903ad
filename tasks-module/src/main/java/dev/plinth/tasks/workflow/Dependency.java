package dev.plinth.tasks.workflow;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That a task waits, or waited, for another.
 *
 * @param satisfiedAtOrNull since when it no longer holds the successor up, or null
 * @param isMoot whether it neither holds up nor lets through: the predecessor was skipped, or the
 *     condition is {@link EdgeCondition#FAILURE} and the predecessor is not dead
 */
public record Dependency(
    UUID organizationId,
    UUID predecessor,
    UUID successor,
    EdgeTerms terms,
    @Nullable Instant satisfiedAtOrNull,
    boolean isMoot) {

  /**
   * Since when it no longer holds the successor up; empty while it does, and where the successor
   * was skipped or cancelled for it.
   */
  public Optional<Instant> satisfiedAt() {
    return Optional.ofNullable(satisfiedAtOrNull);
  }
}
