package dev.plinth.tasks.chat;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.tenancy.TenantTx;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Who may be mentioned where, and what they are told. */
final class Mentions {

  /** In one statement; who is no active member any more, or was told already, is left out. */
  private static final String TELL =
      "SELECT plinth_base.notify_users(?, 'chat.mentioned', ?, '', 'chat_message', ?, ?)";

  private final Channels channels = new Channels();
  private final Conversations conversations = new Conversations();
  private final ConversationQueries queries = new ConversationQueries();

  /**
   * Looks whether all of them may see what is said in a room that who acts sees.
   *
   * @throws NotFoundException if one is no active member
   * @throws InvalidValueException if one takes no part in the conversation
   */
  void require(TenantTx tx, Room room, Set<UUID> mentions) {
    if (mentions.isEmpty()) {
      return;
    }
    if (room.kind() == RoomKind.CHANNEL) {
      for (UUID stranger : queries.strangers(tx, mentions)) {
        throw new NotFoundException("member", stranger.toString(), null);
      }
    } else if (!conversations.get(tx, room.id()).participants().containsAll(mentions)) {
      throw new InvalidValueException("mentions", "must be participants of the conversation");
    }
  }

  /**
   * Tells users that a message mentions them, except who acts. What a conversation says does not
   * get into the notification, nor who takes part in it: retention reads notifications as the
   * system.
   */
  void tell(TenantTx tx, Message message, Set<UUID> users) {
    Set<UUID> others = new HashSet<>(users);
    tx.userId().ifPresent(others::remove);
    if (!others.isEmpty()) {
      tx.dsl()
          .fetch(
              TELL,
              others.toArray(UUID[]::new),
              title(tx, message.room()),
              message.id(),
              "chat.mentioned:" + message.id());
    }
  }

  private String title(TenantTx tx, Room room) {
    return room.kind() == RoomKind.CHANNEL
        ? '#' + channels.get(tx, room.id()).name()
        : "A private conversation";
  }
}
