package dev.plinth.base.notification;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.Require;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What users are told. Everybody but viewers may tell every member of the organization something;
 * only the user who was told sees it, not the owner and not the organization's machinery: the
 * database enforces it. Thread-safe.
 */
public final class Notifications {

  /** How long a notification is kept after it was read, unless the host says otherwise. */
  public static final Duration RETENTION = Duration.ofDays(30);

  /** The most that {@link #deleteReadBefore} deletes at once. */
  public static final int MAX_BATCH = 10_000;

  private static final String WHAT = "notification";

  private final NotificationQueries queries = new NotificationQueries();

  /**
   * Tells a member something. What has a key that this user was told something for already, is not
   * told again, also when both are told at once.
   *
   * @return the id of the notification, which who acts cannot read unless told it oneself; empty if
   *     the user was told already
   * @throws NotFoundException if the user is no active member of the organization
   * @throws AccessDeniedException if who acts is a viewer
   */
  public Optional<UUID> notify(TenantTx tx, NewNotification notification) {
    tx.requireWriter();
    Optional<UUID> stored = queries.notify(tx, notification);
    stored.ifPresent(
        id -> tx.publish(new NotificationCreated(tx.organizationId(), notification.user(), id)));
    return stored;
  }

  /**
   * What who acts was told: unread first, newest first. What is read between two pages moves back
   * and may come twice; none is left out.
   *
   * @throws AccessDeniedException if no user acts
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list or user
   */
  public Page<Notification> list(TenantTx tx, PageRequest request) {
    return queries.page(tx, reader(tx), request);
  }

  /**
   * How many notifications who acts has not read.
   *
   * @throws AccessDeniedException if no user acts
   */
  public int unreadCount(TenantTx tx) {
    return queries.unreadCount(tx, reader(tx));
  }

  /**
   * Notes that who acts has read a notification; what was read before stays as it is.
   *
   * @return the stored notification
   * @throws NotFoundException if who acts has none of that id
   * @throws AccessDeniedException if no user acts
   */
  public Notification markRead(TenantTx tx, UUID id) {
    UUID user = reader(tx);
    return queries
        .markRead(tx, user, id)
        .or(() -> queries.find(tx, user, id))
        .orElseThrow(() -> new NotFoundException(WHAT, id.toString(), null));
  }

  /**
   * Notes that who acts has read all notifications.
   *
   * @return how many were unread
   * @throws AccessDeniedException if no user acts
   */
  public int markAllRead(TenantTx tx) {
    return queries.markAllRead(tx, reader(tx));
  }

  /**
   * Deletes notifications of all organizations that were read before a time, longest ago first; for
   * a job that calls it, each time in a transaction, until it deletes less than the limit.
   *
   * @param limit how many at most, 1 to {@value #MAX_BATCH}
   * @return how many were deleted
   * @throws InvalidValueException if the limit is out of range
   */
  public int deleteReadBefore(SystemTx tx, Instant before, int limit) {
    return queries.deleteReadBefore(tx, before, Require.between("limit", limit, 1, MAX_BATCH));
  }

  private static UUID reader(TenantTx tx) {
    return tx.userId()
        .orElseThrow(
            () -> new AccessDeniedException("notifications are a user's, and none acts", null));
  }
}
