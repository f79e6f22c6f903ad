package dev.plinth.base.notification;

import static dev.plinth.base.jooq.Tables.NOTIFICATIONS;

import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.jooq.tables.records.NotificationsRecord;
import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** The SQL of notifications. Each statement says whose they are, as the policy does. */
final class NotificationQueries {

  private static final String UNREAD_FIRST = "notifications-unread-first";

  /** As the index has it. */
  private static final Field<Boolean> UNREAD = DSL.field(NOTIFICATIONS.READ_AT.isNull());

  /** The id of the stored notification; empty if the user was told already. */
  Optional<UUID> notify(TenantTx tx, NewNotification notification) {
    Subject subject = notification.subject();
    Field<UUID> stored =
        DSL.function(
            DSL.name("plinth_base", "notify_user"),
            SQLDataType.UUID,
            DSL.val(notification.user(), SQLDataType.UUID),
            text(notification.type()),
            text(notification.title()),
            text(notification.message()),
            text(subject == null ? null : subject.type()),
            DSL.val(subject == null ? null : subject.id(), SQLDataType.UUID),
            text(notification.dedupKey()));
    return tx.dsl().select(stored).fetchOptional(stored);
  }

  Optional<Notification> find(TenantTx tx, UUID user, UUID id) {
    return tx.dsl()
        .selectFrom(NOTIFICATIONS)
        .where(own(tx, user), NOTIFICATIONS.ID.eq(id))
        .fetchOptional(NotificationQueries::notification);
  }

  Page<Notification> page(TenantTx tx, UUID user, PageRequest request) {
    Keyset keyset = Keyset.of(UNREAD_FIRST, user, tx.organizationId());
    List<Notification> rows =
        tx.dsl()
            .selectFrom(NOTIFICATIONS)
            .where(own(tx, user), after(keyset, request))
            .orderBy(UNREAD.desc(), NOTIFICATIONS.ID.desc())
            .limit(request.limit() + 1)
            .fetch(NotificationQueries::notification);
    return keyset.page(
        rows, request, row -> List.of(String.valueOf(row.readAt().isEmpty()), row.id().toString()));
  }

  int unreadCount(TenantTx tx, UUID user) {
    return tx.dsl().fetchCount(NOTIFICATIONS, own(tx, user).and(NOTIFICATIONS.READ_AT.isNull()));
  }

  /** The notification, if there was such an unread one. */
  Optional<Notification> markRead(TenantTx tx, UUID user, UUID id) {
    return tx.dsl()
        .update(NOTIFICATIONS)
        .set(NOTIFICATIONS.READ_AT, tx.now())
        .where(own(tx, user), NOTIFICATIONS.ID.eq(id), NOTIFICATIONS.READ_AT.isNull())
        .returning()
        .fetchOptional(NotificationQueries::notification);
  }

  int markAllRead(TenantTx tx, UUID user) {
    return tx.dsl()
        .update(NOTIFICATIONS)
        .set(NOTIFICATIONS.READ_AT, tx.now())
        .where(own(tx, user), NOTIFICATIONS.READ_AT.isNull())
        .execute();
  }

  int deleteReadBefore(SystemTx tx, Instant before, int limit) {
    return tx.dsl()
        .deleteFrom(NOTIFICATIONS)
        .where(
            DSL.row(NOTIFICATIONS.ORGANIZATION_ID, NOTIFICATIONS.ID)
                .in(
                    DSL.select(NOTIFICATIONS.ORGANIZATION_ID, NOTIFICATIONS.ID)
                        .from(NOTIFICATIONS)
                        .where(NOTIFICATIONS.READ_AT.lt(before))
                        .orderBy(NOTIFICATIONS.READ_AT)
                        .limit(limit)))
        .execute();
  }

  private static Condition own(TenantTx tx, UUID user) {
    return NOTIFICATIONS
        .ORGANIZATION_ID
        .eq(tx.organizationId())
        .and(NOTIFICATIONS.USER_ID.eq(user));
  }

  private static Condition after(Keyset keyset, PageRequest request) {
    List<String> position = keyset.position(request, 2);
    if (position.isEmpty()) {
      return DSL.noCondition();
    }
    try {
      boolean unread = Boolean.parseBoolean(position.get(0));
      UUID id = UUID.fromString(position.get(1));
      return DSL.row(UNREAD, NOTIFICATIONS.ID).lt(unread, id);
    } catch (IllegalArgumentException e) {
      throw new InvalidCursorException(UNREAD_FIRST, e);
    }
  }

  private static Field<String> text(@Nullable String value) {
    return DSL.val(value, SQLDataType.CLOB);
  }

  private static Notification notification(NotificationsRecord row) {
    return new Notification(
        row.getOrganizationId(),
        row.getId(),
        row.getUserId(),
        row.getType(),
        row.getTitle(),
        row.getMessage(),
        row.getSubjectType() == null ? null : new Subject(row.getSubjectType(), row.getSubjectId()),
        row.getDedupKey(),
        row.getReadAt(),
        row.getCreatedAt());
  }
}
