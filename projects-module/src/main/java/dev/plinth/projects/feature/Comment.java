package dev.plinth.projects.feature;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody said to a feature request.
 *
 * @param authorOrNull the member who said it, or null where a service did
 * @param authorNameOrNull what fellow members see of the author, also of one who left; or null
 * @param editedAtOrNull when the author last changed it, or null
 * @param version counts the changes; an update names the one it saw
 */
public record Comment(
    UUID organizationId,
    UUID id,
    UUID featureRequestId,
    @Nullable UUID authorOrNull,
    @Nullable String authorNameOrNull,
    String body,
    @Nullable Instant editedAtOrNull,
    Instant createdAt,
    int version) {

  /** The member who said it; empty where a service did. */
  public Optional<UUID> author() {
    return Optional.ofNullable(authorOrNull);
  }

  /** What fellow members see of the author, if there is one. */
  public Optional<String> authorName() {
    return Optional.ofNullable(authorNameOrNull);
  }

  /** When the author last changed it; empty if never. */
  public Optional<Instant> editedAt() {
    return Optional.ofNullable(editedAtOrNull);
  }
}
