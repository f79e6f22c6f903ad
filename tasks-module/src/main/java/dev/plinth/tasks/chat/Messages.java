package dev.plinth.tasks.chat;

import static dev.plinth.tasks.jooq.Tables.CHAT_MESSAGES;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * What is said. In a channel every member reads, and everybody but viewers posts; in a private
 * conversation nobody but its participants does either, whatever the role: to others a message that
 * is there and one that is not are the same. The database enforces all of it. Who posts holds the
 * room until the transaction ends, so that messages become visible in the order of their numbers.
 * Thread-safe.
 */
public final class Messages {

  private static final String WHAT = "chat_message";

  private final MessageQueries queries = new MessageQueries();
  private final ReadQueries reads = new ReadQueries();
  private final Channels channels = new Channels();
  private final Conversations conversations = new Conversations();
  private final Mentions mentions = new Mentions();

  /**
   * Says something, and tells who is mentioned. What a service says is of type system.
   *
   * @return the stored message, of who acts
   * @throws NotFoundException if who acts sees no such room, if it holds no message that is
   *     answered, or if a mentioned user is no active member
   * @throws InvalidValueException if a mentioned user takes no part in the conversation, or a
   *     service posts a file
   * @throws IllegalTransitionException if the channel is archived
   * @throws AccessDeniedException if who acts is a viewer
   */
  public Message post(TenantTx tx, Room room, NewMessage message) {
    tx.requireWriter();
    requireOpen(tx, room);
    if (message.file() != null && tx.userId().isEmpty()) {
      throw new InvalidValueException("file", "is posted by a member, and none acts");
    }
    mentions.require(tx, room, message.text().mentions());
    Message posted = get(tx, queries.insert(tx, room, message, replyTo(tx, room, message)));
    mentions.tell(tx, posted, posted.mentions());
    tx.publish(new MessagePosted(tx.organizationId(), room, posted.id()));
    return posted;
  }

  /**
   * The message of an id, also a deleted one.
   *
   * @throws NotFoundException if who acts sees none of that id
   */
  public Message get(TenantTx tx, UUID id) {
    return queries.find(tx, id).orElseThrow(() -> new NotFoundException(WHAT, id.toString(), null));
  }

  /**
   * What was said in a room, newest first; of deleted messages the places.
   *
   * @throws NotFoundException if who acts sees no such room
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Message> list(TenantTx tx, Room room, PageRequest request) {
    lastSequence(tx, room);
    return queries.page(tx, room, request);
  }

  /**
   * The answers to a message, oldest first.
   *
   * @throws NotFoundException if who acts sees no message of that id
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Message> thread(TenantTx tx, UUID id, PageRequest request) {
    return queries.thread(tx, get(tx, id), request);
  }

  /**
   * Changes what one said; what it said before stays in its history. Who is mentioned for the first
   * time is told.
   *
   * @param version what the caller saw
   * @return the stored message
   * @throws NotFoundException if who acts sees no such message, or a newly mentioned user is no
   *     active member
   * @throws StaleVersionException if it changed since
   * @throws IllegalTransitionException if it was deleted
   * @throws AccessDeniedException if who acts is not its author, or a viewer
   * @throws InvalidValueException if it would say nothing, or a mentioned user takes no part in the
   *     conversation
   */
  public Message edit(TenantTx tx, UUID id, int version, MessageText text) {
    Message before = live(tx, id);
    if (before.author().isEmpty() || !before.author().equals(tx.userId())) {
      throw new AccessDeniedException("a message is edited by its author", null);
    }
    MessageText checked = before.type() == MessageType.FILE ? text : text.required();
    Set<UUID> more = new HashSet<>(checked.mentions());
    more.removeAll(before.mentions());
    mentions.require(tx, before.room(), more);
    update(tx, id, version, MessageQueries.changes(checked));
    Message after = get(tx, id);
    mentions.tell(tx, after, more);
    tx.publish(new MessageEdited(tx.organizationId(), before.room(), id));
    return after;
  }

  /**
   * Deletes what one said; who administers the organization deletes from channels too. Text, file,
   * mentions and history are gone, the place in the room stays.
   *
   * @param version what the caller saw
   * @return the stored message
   * @throws NotFoundException if who acts sees no such message
   * @throws StaleVersionException if it changed since
   * @throws IllegalTransitionException if it was deleted already
   * @throws AccessDeniedException if who acts may not, or is a viewer
   */
  public Message delete(TenantTx tx, UUID id, int version) {
    Message before = live(tx, id);
    boolean moderates = before.room().kind() == RoomKind.CHANNEL && tx.role().administers();
    if (!before.author().equals(tx.userId()) && !moderates) {
      throw new AccessDeniedException(
          "a message is deleted by its author, in a channel also by who administers the organization",
          null);
    }
    update(tx, id, version, Map.of(CHAT_MESSAGES.DELETED_AT, tx.now()));
    tx.publish(new MessageDeleted(tx.organizationId(), before.room(), id));
    return get(tx, id);
  }

  /**
   * What a message said before, oldest first; nothing of a deleted one.
   *
   * @throws NotFoundException if who acts sees no such message
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<MessageEdit> history(TenantTx tx, UUID id, PageRequest request) {
    get(tx, id);
    return queries.edits(tx, id, request);
  }

  /**
   * Notes how far who acts has read in a room; never goes back. Viewers may.
   *
   * @param sequence the number of the last message that was read
   * @return what is unread now
   * @throws NotFoundException if who acts sees no such room
   * @throws AccessDeniedException if no user acts
   * @throws InvalidValueException if the room has no message of that number yet: what comes later
   *     cannot have been read
   */
  public Unread markRead(TenantTx tx, Room room, long sequence) {
    UUID user = reader(tx);
    if (sequence < 0 || sequence > lastSequence(tx, room)) {
      throw new InvalidValueException("sequence", "must be of a message that is there");
    }
    if (room.kind() == RoomKind.CHANNEL) {
      reads.advanceInChannel(tx, room.id(), sequence);
    } else {
      reads.advanceInConversation(tx, user, room.id(), sequence);
    }
    return reads.unread(tx, user, room);
  }

  /**
   * What who acts has not read in the own conversations and in the channels that one follows, also
   * where that is nothing.
   *
   * @throws AccessDeniedException if no user acts
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list or user
   */
  public Page<Unread> unread(TenantTx tx, PageRequest request) {
    return reads.page(tx, reader(tx), request);
  }

  private Message live(TenantTx tx, UUID id) {
    tx.requireWriter();
    Message before = get(tx, id);
    if (before.deletedAt().isPresent()) {
      throw new IllegalTransitionException(WHAT, "deleted", "changed", null);
    }
    return before;
  }

  private void requireOpen(TenantTx tx, Room room) {
    if (room.kind() == RoomKind.CONVERSATION) {
      conversations.get(tx, room.id());
    } else if (channels.get(tx, room.id()).archivedAt().isPresent()) {
      throw new IllegalTransitionException("chat_channel", "archived", "posted", null);
    }
  }

  private long lastSequence(TenantTx tx, Room room) {
    return room.kind() == RoomKind.CONVERSATION
        ? conversations.get(tx, room.id()).lastSequence()
        : channels.get(tx, room.id()).lastSequence();
  }

  /** An answer to an answer is one to the first message. */
  private @Nullable Long replyTo(TenantTx tx, Room room, NewMessage message) {
    if (message.inReplyTo() == null) {
      return null;
    }
    Message answered = get(tx, message.inReplyTo());
    if (!answered.room().equals(room)) {
      throw new NotFoundException(WHAT, answered.id().toString(), null);
    }
    return answered.replyTo().orElse(answered.sequence());
  }

  private void update(TenantTx tx, UUID id, int version, Map<Field<?>, Object> changes) {
    if (!queries.update(tx, id, version, changes)) {
      throw new StaleVersionException(WHAT, id.toString(), version, null);
    }
  }

  private static UUID reader(TenantTx tx) {
    return tx.userId()
        .orElseThrow(() -> new AccessDeniedException("users read, and none acts", null));
  }
}
