package dev.plinth.base.invitation;

import dev.plinth.base.tenancy.MemberRole;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody was asked to become a member. Its token is not in it.
 *
 * @param email where the token was sent, lower-case
 * @param role what the new member will be, if the inviter may still give that
 * @param acceptedAtOrNull when it was accepted, or null
 * @param acceptedByOrNull the user who accepted it, or null
 * @param revokedAtOrNull since when it counts no more, or null
 * @param version counts the changes
 */
public record Invitation(
    UUID organizationId,
    UUID id,
    String email,
    MemberRole role,
    UUID invitedBy,
    Instant expiresAt,
    @Nullable Instant acceptedAtOrNull,
    @Nullable UUID acceptedByOrNull,
    @Nullable Instant revokedAtOrNull,
    Instant createdAt,
    Instant updatedAt,
    int version) {

  /** When it was accepted; empty while it was not. */
  public Optional<Instant> acceptedAt() {
    return Optional.ofNullable(acceptedAtOrNull);
  }

  /** The user who accepted it; empty while nobody did. */
  public Optional<UUID> acceptedBy() {
    return Optional.ofNullable(acceptedByOrNull);
  }

  /** Since when it counts no more; empty while it was not revoked. */
  public Optional<Instant> revokedAt() {
    return Optional.ofNullable(revokedAtOrNull);
  }

  /** Whether it can be accepted at a time. */
  public boolean isOpen(Instant now) {
    return acceptedAtOrNull == null && revokedAtOrNull == null && now.isBefore(expiresAt);
  }
}
