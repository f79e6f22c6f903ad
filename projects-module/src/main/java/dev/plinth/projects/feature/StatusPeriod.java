package dev.plinth.projects.feature;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How long a feature request was in a status, from its transitions.
 *
 * @param authorOrNull the member who brought it there, or null where a service did
 * @param enteredAt since when
 * @param leftAtOrNull until when, or null for the present status
 * @param duration until it left, or until now
 */
public record StatusPeriod(
    FeatureStatus status,
    @Nullable UUID authorOrNull,
    Instant enteredAt,
    @Nullable Instant leftAtOrNull,
    Duration duration) {

  /** The member who brought it there; empty where a service did. */
  public Optional<UUID> author() {
    return Optional.ofNullable(authorOrNull);
  }

  /** Until when; empty for the present status. */
  public Optional<Instant> leftAt() {
    return Optional.ofNullable(leftAtOrNull);
  }
}
