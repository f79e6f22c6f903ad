package dev.plinth.tasks.chat;

import static dev.plinth.base.jooq.Tables.ORGANIZATION_MEMBERS;
import static dev.plinth.tasks.jooq.Tables.CHAT_CONVERSATIONS;
import static dev.plinth.tasks.jooq.Tables.CHAT_READS;

import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.jooq.tables.records.ChatConversationsRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/** The SQL of conversations. Each statement says whose they are, as the policy does. */
final class ConversationQueries {

  private static final String NEWEST = "chat-conversations-newest-first";

  /** Those of the users who are no active members. */
  Set<UUID> strangers(TenantTx tx, Set<UUID> users) {
    Set<UUID> strangers = new HashSet<>(users);
    strangers.removeAll(
        tx.dsl()
            .select(ORGANIZATION_MEMBERS.USER_ID)
            .from(ORGANIZATION_MEMBERS)
            .where(
                ORGANIZATION_MEMBERS.ORGANIZATION_ID.eq(tx.organizationId()),
                ORGANIZATION_MEMBERS.LEFT_AT.isNull(),
                ORGANIZATION_MEMBERS.USER_ID.eq(DSL.any(users.toArray(UUID[]::new))))
            .fetchSet(ORGANIZATION_MEMBERS.USER_ID));
    return strangers;
  }

  /** The stored conversation; empty if these have one. */
  Optional<Conversation> insert(TenantTx tx, UUID[] participants) {
    return tx.dsl()
        .insertInto(CHAT_CONVERSATIONS)
        .set(CHAT_CONVERSATIONS.ORGANIZATION_ID, tx.organizationId())
        .set(CHAT_CONVERSATIONS.PARTICIPANT_IDS, participants)
        .onConflict(CHAT_CONVERSATIONS.ORGANIZATION_ID, CHAT_CONVERSATIONS.PARTICIPANT_IDS)
        .doNothing()
        .returning()
        .fetchOptional(ConversationQueries::conversation);
  }

  Optional<Conversation> find(TenantTx tx, UUID user, Condition which) {
    return tx.dsl()
        .selectFrom(CHAT_CONVERSATIONS)
        .where(own(tx, user), which)
        .fetchOptional(ConversationQueries::conversation);
  }

  /** By the own reading marks, which have an index. */
  Page<Conversation> page(TenantTx tx, UUID user, PageRequest request) {
    Keyset keyset = Keyset.of(NEWEST, user, tx.organizationId());
    List<Conversation> rows =
        tx.dsl()
            .select(CHAT_CONVERSATIONS.fields())
            .from(CHAT_READS)
            .join(CHAT_CONVERSATIONS)
            .on(
                CHAT_CONVERSATIONS.ORGANIZATION_ID.eq(CHAT_READS.ORGANIZATION_ID),
                CHAT_CONVERSATIONS.ID.eq(CHAT_READS.CONVERSATION_ID))
            .where(
                CHAT_READS.ORGANIZATION_ID.eq(tx.organizationId()),
                CHAT_READS.USER_ID.eq(user),
                own(tx, user),
                after(keyset, request))
            .orderBy(CHAT_CONVERSATIONS.LAST_MESSAGE_AT.desc(), CHAT_CONVERSATIONS.ID.desc())
            .limit(request.limit() + 1)
            .fetchInto(CHAT_CONVERSATIONS)
            .map(ConversationQueries::conversation);
    return keyset.page(
        rows, request, row -> List.of(row.lastMessageAt().toString(), row.id().toString()));
  }

  private static Condition after(Keyset keyset, PageRequest request) {
    List<String> position = keyset.position(request, 2);
    if (position.isEmpty()) {
      return DSL.noCondition();
    }
    try {
      return DSL.row(CHAT_CONVERSATIONS.LAST_MESSAGE_AT, CHAT_CONVERSATIONS.ID)
          .lt(Instant.parse(position.get(0)), UUID.fromString(position.get(1)));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new InvalidCursorException(NEWEST, e);
    }
  }

  private static Condition own(TenantTx tx, UUID user) {
    return CHAT_CONVERSATIONS
        .ORGANIZATION_ID
        .eq(tx.organizationId())
        .and(DSL.val(user).eq(DSL.any(CHAT_CONVERSATIONS.PARTICIPANT_IDS)));
  }

  private static Conversation conversation(ChatConversationsRecord row) {
    return new Conversation(
        row.getOrganizationId(),
        row.getId(),
        Set.of(row.getParticipantIds()),
        row.getCreatedBy(),
        row.getLastSequence(),
        row.getLastMessageAt(),
        row.getCreatedAt());
  }
}
