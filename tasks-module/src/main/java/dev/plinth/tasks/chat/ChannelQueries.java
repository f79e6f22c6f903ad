package dev.plinth.tasks.chat;

import static dev.plinth.base.jooq.Tables.ORGANIZATION_MEMBERS;
import static dev.plinth.tasks.jooq.Tables.CHAT_CHANNELS;
import static dev.plinth.tasks.jooq.Tables.CHAT_CHANNEL_MEMBERS;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.jooq.tables.records.ChatChannelsRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** The SQL of channels and of who follows them. */
final class ChannelQueries {

  private static final String BY_NAME = "chat-channels-by-name";
  private static final String MEMBERS_BY_USER = "chat-channel-members-by-user";

  /** The stored channel; empty if the name is taken. */
  Optional<Channel> insert(TenantTx tx, NewChannel channel) {
    return tx.dsl()
        .insertInto(CHAT_CHANNELS)
        .set(CHAT_CHANNELS.ORGANIZATION_ID, tx.organizationId())
        .set(CHAT_CHANNELS.NAME, channel.name())
        .set(CHAT_CHANNELS.TOPIC, channel.topic())
        .onConflict(CHAT_CHANNELS.ORGANIZATION_ID, CHAT_CHANNELS.NAME)
        .doNothing()
        .returning()
        .fetchOptional(ChannelQueries::channel);
  }

  Optional<Channel> find(TenantTx tx, Condition which) {
    return tx.dsl()
        .selectFrom(CHAT_CHANNELS)
        .where(own(tx), which)
        .fetchOptional(ChannelQueries::channel);
  }

  Page<Channel> page(TenantTx tx, PageRequest request) {
    Keyset keyset = Keyset.of(BY_NAME, tx.organizationId());
    List<Channel> rows =
        tx.dsl()
            .selectFrom(CHAT_CHANNELS)
            .where(own(tx), keyset.after(request, CHAT_CHANNELS.NAME, text -> text))
            .orderBy(CHAT_CHANNELS.NAME)
            .limit(request.limit() + 1)
            .fetch(ChannelQueries::channel);
    return keyset.page(rows, request, row -> List.of(row.name()));
  }

  /** The changed channel; empty if there is none of that version. */
  Optional<Channel> update(
      TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    return tx.dsl()
        .update(CHAT_CHANNELS)
        .set(changes)
        .where(own(tx), CHAT_CHANNELS.ID.eq(id), CHAT_CHANNELS.VERSION.eq(version))
        .returning()
        .fetchOptional(ChannelQueries::channel);
  }

  /** Whether who acts did not follow it before. */
  boolean join(TenantTx tx, UUID channel) {
    return tx.dsl()
            .insertInto(CHAT_CHANNEL_MEMBERS)
            .set(CHAT_CHANNEL_MEMBERS.ORGANIZATION_ID, tx.organizationId())
            .set(CHAT_CHANNEL_MEMBERS.CHANNEL_ID, channel)
            .onConflictDoNothing()
            .execute()
        == 1;
  }

  void leave(TenantTx tx, UUID channel, UUID user) {
    tx.dsl()
        .deleteFrom(CHAT_CHANNEL_MEMBERS)
        .where(
            CHAT_CHANNEL_MEMBERS.ORGANIZATION_ID.eq(tx.organizationId()),
            CHAT_CHANNEL_MEMBERS.CHANNEL_ID.eq(channel),
            CHAT_CHANNEL_MEMBERS.USER_ID.eq(user))
        .execute();
  }

  Page<ChannelMember> members(TenantTx tx, UUID channel, PageRequest request) {
    Keyset keyset = Keyset.of(MEMBERS_BY_USER, channel, tx.organizationId());
    List<ChannelMember> rows =
        tx.dsl()
            .select(CHAT_CHANNEL_MEMBERS.fields())
            .select(ORGANIZATION_MEMBERS.DISPLAY_NAME)
            .from(CHAT_CHANNEL_MEMBERS)
            .join(ORGANIZATION_MEMBERS)
            .on(
                ORGANIZATION_MEMBERS.ORGANIZATION_ID.eq(CHAT_CHANNEL_MEMBERS.ORGANIZATION_ID),
                ORGANIZATION_MEMBERS.USER_ID.eq(CHAT_CHANNEL_MEMBERS.USER_ID),
                ORGANIZATION_MEMBERS.LEFT_AT.isNull())
            .where(
                CHAT_CHANNEL_MEMBERS.ORGANIZATION_ID.eq(tx.organizationId()),
                CHAT_CHANNEL_MEMBERS.CHANNEL_ID.eq(channel),
                keyset.after(request, CHAT_CHANNEL_MEMBERS.USER_ID, UUID::fromString))
            .orderBy(CHAT_CHANNEL_MEMBERS.USER_ID)
            .limit(request.limit() + 1)
            .fetch(ChannelQueries::member);
    return keyset.page(rows, request, row -> List.of(row.userId().toString()));
  }

  private static Condition own(TenantTx tx) {
    return CHAT_CHANNELS.ORGANIZATION_ID.eq(tx.organizationId());
  }

  private static ChannelMember member(Record row) {
    return new ChannelMember(
        row.get(CHAT_CHANNEL_MEMBERS.CHANNEL_ID),
        row.get(CHAT_CHANNEL_MEMBERS.USER_ID),
        row.get(ORGANIZATION_MEMBERS.DISPLAY_NAME),
        row.get(CHAT_CHANNEL_MEMBERS.CREATED_AT));
  }

  private static Channel channel(ChatChannelsRecord row) {
    return new Channel(
        row.getOrganizationId(),
        row.getId(),
        row.getName(),
        row.getTopic(),
        row.getCreatedBy(),
        row.getArchivedAt(),
        row.getLastSequence(),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getVersion());
  }
}
