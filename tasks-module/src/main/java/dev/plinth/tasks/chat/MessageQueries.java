package dev.plinth.tasks.chat;

import static dev.plinth.base.jooq.Tables.ORGANIZATION_MEMBERS;
import static dev.plinth.tasks.jooq.Tables.CHAT_MESSAGES;
import static dev.plinth.tasks.jooq.Tables.CHAT_MESSAGE_EDITS;

import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.jooq.tables.records.ChatMessageEditsRecord;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectOnConditionStep;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** The SQL of messages. Each statement says who sees them, as the policy does. */
final class MessageQueries {

  private static final String NEWEST = "chat-messages-newest-first";
  private static final String THREAD = "chat-thread-oldest-first";
  private static final String EDITS = "chat-message-edits-oldest-first";

  /** The id of the stored message; number and participants are the trigger's. */
  UUID insert(TenantTx tx, Room room, NewMessage message, @Nullable Long replyTo) {
    FileReference file = message.file();
    boolean channel = room.kind() == RoomKind.CHANNEL;
    return tx.dsl()
        .insertInto(CHAT_MESSAGES)
        .set(CHAT_MESSAGES.ORGANIZATION_ID, tx.organizationId())
        .set(channel ? CHAT_MESSAGES.CHANNEL_ID : CHAT_MESSAGES.CONVERSATION_ID, room.id())
        .set(CHAT_MESSAGES.TYPE, type(tx, message))
        .set(CHAT_MESSAGES.BODY, message.text().body())
        .set(CHAT_MESSAGES.FILE_NAME, file == null ? null : file.name())
        .set(CHAT_MESSAGES.FILE_URL, file == null ? null : file.url())
        .set(CHAT_MESSAGES.MENTION_IDS, sorted(message.text().mentions()))
        .set(CHAT_MESSAGES.REPLY_TO_SEQUENCE, replyTo)
        .returning(CHAT_MESSAGES.ID)
        .fetchSingle(CHAT_MESSAGES.ID);
  }

  Optional<Message> find(TenantTx tx, UUID id) {
    return select(tx)
        .where(visible(tx), CHAT_MESSAGES.ID.eq(id))
        .fetchOptional(MessageQueries::message);
  }

  Page<Message> page(TenantTx tx, Room room, PageRequest request) {
    Keyset keyset = Keyset.of(NEWEST, room.id(), tx.organizationId());
    List<Message> rows =
        select(tx)
            .where(visible(tx), CHAT_MESSAGES.ROOM_ID.eq(room.id()), before(keyset, request))
            .orderBy(CHAT_MESSAGES.SEQUENCE.desc())
            .limit(request.limit() + 1)
            .fetch(MessageQueries::message);
    return keyset.page(rows, request, row -> List.of(Long.toString(row.sequence())));
  }

  Page<Message> thread(TenantTx tx, Message first, PageRequest request) {
    Keyset keyset = Keyset.of(THREAD, first.id(), tx.organizationId());
    List<Message> rows =
        select(tx)
            .where(
                visible(tx),
                CHAT_MESSAGES.ROOM_ID.eq(first.room().id()),
                CHAT_MESSAGES.REPLY_TO_SEQUENCE.eq(first.sequence()),
                keyset.after(request, CHAT_MESSAGES.SEQUENCE, Long::valueOf))
            .orderBy(CHAT_MESSAGES.SEQUENCE)
            .limit(request.limit() + 1)
            .fetch(MessageQueries::message);
    return keyset.page(rows, request, row -> List.of(Long.toString(row.sequence())));
  }

  Page<MessageEdit> edits(TenantTx tx, UUID message, PageRequest request) {
    Keyset keyset = Keyset.of(EDITS, message, tx.organizationId());
    List<MessageEdit> rows =
        tx.dsl()
            .selectFrom(CHAT_MESSAGE_EDITS)
            .where(
                CHAT_MESSAGE_EDITS.ORGANIZATION_ID.eq(tx.organizationId()),
                CHAT_MESSAGE_EDITS.MESSAGE_ID.eq(message),
                among(tx, CHAT_MESSAGE_EDITS.PARTICIPANT_IDS),
                keyset.after(request, CHAT_MESSAGE_EDITS.ID, UUID::fromString))
            .orderBy(CHAT_MESSAGE_EDITS.ID)
            .limit(request.limit() + 1)
            .fetch(MessageQueries::edit);
    return keyset.page(rows, request, row -> List.of(row.id().toString()));
  }

  /** Whether there was such a message of that version. */
  boolean update(TenantTx tx, UUID id, int version, Map<Field<?>, Object> changes) {
    return tx.dsl()
            .update(CHAT_MESSAGES)
            .set(changes)
            .where(visible(tx), CHAT_MESSAGES.ID.eq(id), CHAT_MESSAGES.VERSION.eq(version))
            .execute()
        == 1;
  }

  static Map<Field<?>, Object> changes(MessageText text) {
    return Map.of(
        CHAT_MESSAGES.BODY, text.body(), CHAT_MESSAGES.MENTION_IDS, sorted(text.mentions()));
  }

  static Condition visible(TenantTx tx) {
    return CHAT_MESSAGES
        .ORGANIZATION_ID
        .eq(tx.organizationId())
        .and(among(tx, CHAT_MESSAGES.PARTICIPANT_IDS));
  }

  private static Condition among(TenantTx tx, Field<UUID[]> participants) {
    Field<UUID> user = DSL.val(tx.userId().orElse(null), SQLDataType.UUID);
    return participants.isNull().or(user.eq(DSL.any(participants)));
  }

  private static Condition before(Keyset keyset, PageRequest request) {
    List<String> position = keyset.position(request, 1);
    try {
      return position.isEmpty()
          ? DSL.noCondition()
          : CHAT_MESSAGES.SEQUENCE.lt(Long.valueOf(position.get(0)));
    } catch (NumberFormatException e) {
      throw new InvalidCursorException(NEWEST, e);
    }
  }

  private static MessageType type(TenantTx tx, NewMessage message) {
    if (tx.userId().isEmpty()) {
      return MessageType.SYSTEM;
    }
    return message.file() == null ? MessageType.TEXT : MessageType.FILE;
  }

  private static UUID[] sorted(Collection<UUID> users) {
    return users.stream().sorted(Comparator.comparing(UUID::toString)).toArray(UUID[]::new);
  }

  private static SelectOnConditionStep<Record> select(TenantTx tx) {
    return tx.dsl()
        .select(CHAT_MESSAGES.fields())
        .select(ORGANIZATION_MEMBERS.DISPLAY_NAME)
        .from(CHAT_MESSAGES)
        .leftJoin(ORGANIZATION_MEMBERS)
        .on(
            ORGANIZATION_MEMBERS.ORGANIZATION_ID.eq(CHAT_MESSAGES.ORGANIZATION_ID),
            ORGANIZATION_MEMBERS.USER_ID.eq(CHAT_MESSAGES.AUTHOR_ID));
  }

  private static MessageEdit edit(ChatMessageEditsRecord row) {
    return new MessageEdit(
        row.getId(),
        row.getMessageId(),
        row.getEditorId(),
        row.getPreviousBody(),
        row.getCreatedAt());
  }

  private static Message message(Record row) {
    return new Message(
        row.get(CHAT_MESSAGES.ORGANIZATION_ID),
        row.get(CHAT_MESSAGES.ID),
        room(row),
        row.get(CHAT_MESSAGES.SEQUENCE),
        row.get(CHAT_MESSAGES.TYPE),
        row.get(CHAT_MESSAGES.AUTHOR_ID),
        row.get(ORGANIZATION_MEMBERS.DISPLAY_NAME),
        row.get(CHAT_MESSAGES.BODY),
        file(row),
        Set.of(row.get(CHAT_MESSAGES.MENTION_IDS)),
        row.get(CHAT_MESSAGES.REPLY_TO_SEQUENCE),
        row.get(CHAT_MESSAGES.EDITED_AT),
        row.get(CHAT_MESSAGES.DELETED_AT),
        row.get(CHAT_MESSAGES.DELETED_BY),
        row.get(CHAT_MESSAGES.CREATED_AT),
        row.get(CHAT_MESSAGES.VERSION));
  }

  private static Room room(Record row) {
    UUID channel = row.get(CHAT_MESSAGES.CHANNEL_ID);
    return channel == null
        ? Room.conversation(row.get(CHAT_MESSAGES.CONVERSATION_ID))
        : Room.channel(channel);
  }

  private static @Nullable FileReference file(Record row) {
    String url = row.get(CHAT_MESSAGES.FILE_URL);
    return url == null ? null : new FileReference(row.get(CHAT_MESSAGES.FILE_NAME), url);
  }
}
