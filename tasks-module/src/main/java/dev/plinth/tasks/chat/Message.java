package dev.plinth.tasks.chat;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was said. Of a deleted message only the place is left: no text, no file, no mentions.
 *
 * @param sequence its number in the room, from 1: messages are seen in this order
 * @param authorOrNull the member who said it, or null where a service did
 * @param authorNameOrNull what fellow members see of the author, also of one who left; or null
 * @param mentions members who were to be told
 * @param replyToOrNull the number of the message that it answers, or null
 * @param editedAtOrNull when the author last changed it, or null
 * @param deletedAtOrNull since when only its place is left, or null
 * @param deletedByOrNull the member who deleted it, or null
 * @param version counts the changes; an edit names the one it saw
 */
public record Message(
    UUID organizationId,
    UUID id,
    Room room,
    long sequence,
    MessageType type,
    @Nullable UUID authorOrNull,
    @Nullable String authorNameOrNull,
    String body,
    @Nullable FileReference fileOrNull,
    Set<UUID> mentions,
    @Nullable Long replyToOrNull,
    @Nullable Instant editedAtOrNull,
    @Nullable Instant deletedAtOrNull,
    @Nullable UUID deletedByOrNull,
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

  /** The file, if it has one. */
  public Optional<FileReference> file() {
    return Optional.ofNullable(fileOrNull);
  }

  /** The number of the message that it answers, if it does. */
  public OptionalLong replyTo() {
    return replyToOrNull == null ? OptionalLong.empty() : OptionalLong.of(replyToOrNull);
  }

  /** When the author last changed it; empty if never. */
  public Optional<Instant> editedAt() {
    return Optional.ofNullable(editedAtOrNull);
  }

  /** Since when only its place is left; empty while it is there. */
  public Optional<Instant> deletedAt() {
    return Optional.ofNullable(deletedAtOrNull);
  }

  /** The member who deleted it; empty where it is there or a service did. */
  public Optional<UUID> deletedBy() {
    return Optional.ofNullable(deletedByOrNull);
  }
}
