package dev.plinth.base.invitation;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * What lets in whoever brings it: the organization, so that the invitation is looked for in one
 * tenant, and 256 random bits.
 */
final class InvitationToken {

  private static final int ORGANIZATION_BYTES = 16;
  private static final int SECRET_BYTES = 32;
  private static final int TEXT_LENGTH = 64;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] bytes;

  private InvitationToken(byte[] bytes) {
    this.bytes = bytes;
  }

  static InvitationToken random(UUID organization) {
    byte[] secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(secret);
    return new InvitationToken(
        ByteBuffer.allocate(ORGANIZATION_BYTES + SECRET_BYTES)
            .putLong(organization.getMostSignificantBits())
            .putLong(organization.getLeastSignificantBits())
            .put(secret)
            .array());
  }

  /** Empty if that is no token. */
  static Optional<InvitationToken> parse(String text) {
    if (text.length() != TEXT_LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(new InvitationToken(Base64.getUrlDecoder().decode(text)))
          .filter(token -> token.bytes.length == ORGANIZATION_BYTES + SECRET_BYTES);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  UUID organization() {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  /** For an address, 64 characters of base64url. */
  String text() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** SHA-256: with 256 random bits there is nothing to guess, so nothing slower is needed. */
  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
