package dev.plinth.projects.feature;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change of a feature request, as it is kept for ever. Values are texts as the database has them:
 * a status in lower case, a priority from 1 to 4, a complexity from 0 to 10, an id, a day.
 *
 * @param fromOrNull what it was before, or null for nothing
 * @param toOrNull what it became, or null for nothing
 * @param authorOrNull the member who did it, or null where a service did
 */
public record Transition(
    UUID organizationId,
    UUID id,
    UUID featureRequestId,
    TransitionField field,
    @Nullable String fromOrNull,
    @Nullable String toOrNull,
    @Nullable UUID authorOrNull,
    Instant at) {

  /** What it was before, if anything. */
  public Optional<String> from() {
    return Optional.ofNullable(fromOrNull);
  }

  /** What it became, if anything. */
  public Optional<String> to() {
    return Optional.ofNullable(toOrNull);
  }

  /** The member who did it; empty where a service did. */
  public Optional<UUID> author() {
    return Optional.ofNullable(authorOrNull);
  }
}
