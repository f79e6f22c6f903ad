package dev.plinth.tasks.chat;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where an organization talks.
 *
 * @param name a slug
 * @param createdByOrNull the member who made it, or null where a service did
 * @param archivedAtOrNull since when nothing is posted any more, or null
 * @param lastSequence the number of the newest message; 0 before the first
 * @param version counts the changes, without messages; an update names the one it saw
 */
public record Channel(
    UUID organizationId,
    UUID id,
    String name,
    String topic,
    @Nullable UUID createdByOrNull,
    @Nullable Instant archivedAtOrNull,
    long lastSequence,
    Instant createdAt,
    Instant updatedAt,
    int version) {

  /** As a place of messages. */
  public Room room() {
    return Room.channel(id);
  }

  /** The member who made it; empty where a service did. */
  public Optional<UUID> createdBy() {
    return Optional.ofNullable(createdByOrNull);
  }

  /** Since when nothing is posted any more; empty while it is open. */
  public Optional<Instant> archivedAt() {
    return Optional.ofNullable(archivedAtOrNull);
  }
}
