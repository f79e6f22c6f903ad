package dev.plinth.tasks.chat;

import static dev.plinth.tasks.jooq.Tables.CHAT_CHANNEL_MEMBERS;
import static dev.plinth.tasks.jooq.Tables.CHAT_MESSAGES;
import static dev.plinth.tasks.jooq.Tables.CHAT_READS;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** The SQL of reading marks. Each statement says whose they are, as the policy does. */
final class ReadQueries {

  private static final String BY_ROOM = "chat-unread-by-room";

  /** Marks a channel as read up to a message, unless it is further already. */
  void advanceInChannel(TenantTx tx, UUID channel, long sequence) {
    tx.dsl()
        .insertInto(CHAT_READS)
        .set(CHAT_READS.ORGANIZATION_ID, tx.organizationId())
        .set(CHAT_READS.CHANNEL_ID, channel)
        .set(CHAT_READS.LAST_READ_SEQUENCE, sequence)
        .onConflict(CHAT_READS.ORGANIZATION_ID, CHAT_READS.USER_ID, CHAT_READS.ROOM_ID)
        .doUpdate()
        .set(CHAT_READS.LAST_READ_SEQUENCE, DSL.excluded(CHAT_READS.LAST_READ_SEQUENCE))
        .where(CHAT_READS.LAST_READ_SEQUENCE.lt(DSL.excluded(CHAT_READS.LAST_READ_SEQUENCE)))
        .execute();
  }

  /** As of a channel; every participant has a mark from the beginning. */
  void advanceInConversation(TenantTx tx, UUID user, UUID conversation, long sequence) {
    tx.dsl()
        .update(CHAT_READS)
        .set(CHAT_READS.LAST_READ_SEQUENCE, sequence)
        .where(
            own(tx, user),
            CHAT_READS.CONVERSATION_ID.eq(conversation),
            CHAT_READS.LAST_READ_SEQUENCE.lt(sequence))
        .execute();
  }

  /** Of one room, which has a mark. */
  Unread unread(TenantTx tx, UUID user, Room room) {
    Field<Integer> count = count(tx, user);
    return tx.dsl()
        .select(CHAT_READS.fields())
        .select(count)
        .from(CHAT_READS)
        .where(own(tx, user), CHAT_READS.ROOM_ID.eq(room.id()))
        .fetchSingle(row -> unread(row, count));
  }

  /** Of the conversations and of the channels that are followed. */
  Page<Unread> page(TenantTx tx, UUID user, PageRequest request) {
    Keyset keyset = Keyset.of(BY_ROOM, user, tx.organizationId());
    Field<Integer> count = count(tx, user);
    List<Unread> rows =
        tx.dsl()
            .select(CHAT_READS.fields())
            .select(count)
            .from(CHAT_READS)
            .leftJoin(CHAT_CHANNEL_MEMBERS)
            .on(
                CHAT_CHANNEL_MEMBERS.ORGANIZATION_ID.eq(CHAT_READS.ORGANIZATION_ID),
                CHAT_CHANNEL_MEMBERS.CHANNEL_ID.eq(CHAT_READS.CHANNEL_ID),
                CHAT_CHANNEL_MEMBERS.USER_ID.eq(CHAT_READS.USER_ID))
            .where(
                own(tx, user),
                CHAT_READS.CONVERSATION_ID.isNotNull().or(CHAT_CHANNEL_MEMBERS.USER_ID.isNotNull()),
                keyset.after(request, CHAT_READS.ROOM_ID, UUID::fromString))
            .orderBy(CHAT_READS.ROOM_ID)
            .limit(request.limit() + 1)
            .fetch(row -> unread(row, count));
    return keyset.page(rows, request, row -> List.of(row.room().id().toString()));
  }

  /** Beside a mark: what came after it, of others, and is there. */
  private static Field<Integer> count(TenantTx tx, UUID user) {
    return DSL.field(
            DSL.selectCount()
                .from(
                    DSL.selectOne()
                        .from(CHAT_MESSAGES)
                        .where(
                            MessageQueries.visible(tx),
                            CHAT_MESSAGES.ROOM_ID.eq(CHAT_READS.ROOM_ID),
                            CHAT_MESSAGES.SEQUENCE.gt(CHAT_READS.LAST_READ_SEQUENCE),
                            CHAT_MESSAGES.DELETED_AT.isNull(),
                            CHAT_MESSAGES.AUTHOR_ID.isDistinctFrom(user))
                        .limit(DSL.inline(Unread.MOST))
                        .asTable("later")))
        .as("unread");
  }

  private static Condition own(TenantTx tx, UUID user) {
    return CHAT_READS.ORGANIZATION_ID.eq(tx.organizationId()).and(CHAT_READS.USER_ID.eq(user));
  }

  private static Unread unread(Record row, Field<Integer> count) {
    UUID channel = row.get(CHAT_READS.CHANNEL_ID);
    Room room =
        channel == null
            ? Room.conversation(row.get(CHAT_READS.CONVERSATION_ID))
            : Room.channel(channel);
    return new Unread(room, row.get(CHAT_READS.LAST_READ_SEQUENCE), row.get(count));
  }
}
