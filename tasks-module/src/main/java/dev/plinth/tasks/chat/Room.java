package dev.plinth.tasks.chat;

import java.util.UUID;

/** Where messages are: a channel or a private conversation. */
public record Room(RoomKind kind, UUID id) {

  /** The channel of an id. */
  public static Room channel(UUID id) {
    return new Room(RoomKind.CHANNEL, id);
  }

  /** The conversation of an id. */
  public static Room conversation(UUID id) {
    return new Room(RoomKind.CONVERSATION, id);
  }
}
