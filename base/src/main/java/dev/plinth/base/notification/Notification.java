package dev.plinth.base.notification;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a user was told.
 *
 * @param type what kind of news, in the words of the module that tells them
 * @param subjectOrNull what it is about, or null
 * @param dedupKeyOrNull what it was told only once for, or null
 * @param readAtOrNull when the user read it, or null
 */
public record Notification(
    UUID organizationId,
    UUID id,
    UUID userId,
    String type,
    String title,
    String message,
    @Nullable Subject subjectOrNull,
    @Nullable String dedupKeyOrNull,
    @Nullable Instant readAtOrNull,
    Instant createdAt) {

  /** What it is about, if that is said. */
  public Optional<Subject> subject() {
    return Optional.ofNullable(subjectOrNull);
  }

  /** When the user read it; empty before. */
  public Optional<Instant> readAt() {
    return Optional.ofNullable(readAtOrNull);
  }

  /** What it was told only once for, if that was said. */
  public Optional<String> dedupKey() {
    return Optional.ofNullable(dedupKeyOrNull);
  }
}
