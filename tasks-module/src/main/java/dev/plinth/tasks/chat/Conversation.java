package dev.plinth.tasks.chat;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * What few members have among themselves.
 *
 * @param participants 2 to 50; they never change
 * @param lastSequence the number of the newest message; 0 before the first
 * @param lastMessageAt when the newest message came, or the conversation began
 */
public record Conversation(
    UUID organizationId,
    UUID id,
    Set<UUID> participants,
    UUID createdBy,
    long lastSequence,
    Instant lastMessageAt,
    Instant createdAt) {

  /** As a place of messages. */
  public Room room() {
    return Room.conversation(id);
  }
}
