package dev.plinth.base.organization;

import dev.plinth.base.tenancy.MemberRole;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A user as fellow members of an organization see one.
 *
 * @param leftAtOrNull since when no member any more, or null
 * @param version counts the changes; an update names the one it saw
 */
public record Member(
    UUID organizationId,
    UUID userId,
    MemberRole role,
    String displayName,
    @Nullable String avatarUrlOrNull,
    @Nullable Instant leftAtOrNull,
    Instant createdAt,
    Instant updatedAt,
    int version) {

  /** Where the picture is, if there is one. */
  public Optional<String> avatarUrl() {
    return Optional.ofNullable(avatarUrlOrNull);
  }

  /** Since when no member any more; empty while one. */
  public Optional<Instant> leftAt() {
    return Optional.ofNullable(leftAtOrNull);
  }
}
