package dev.plinth.tasks.triage;

import dev.plinth.base.notification.NewNotification;
import dev.plinth.base.notification.Notifications;
import dev.plinth.base.tenancy.TenantTx;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Who is told what becomes of a triage item; not who does it. */
final class TriageNews {

  /** In one statement; who is no active member any more is left out. */
  private static final String TELL =
      """
      SELECT plinth_base.notify_users(
        array_remove(ARRAY[?, ?]::uuid[], CAST(? AS uuid)), ?, ?, '', 'triage_item', ?, ?)
      """;

  private final Notifications notifications = new Notifications();

  /** Tells the assignee, if it is another than before. */
  void assigned(TenantTx tx, TriageItem item, Optional<UUID> before) {
    Optional<UUID> assignee = item.assignee();
    if (assignee.isPresent() && !assignee.equals(before) && !assignee.equals(tx.userId())) {
      notifications.notify(
          tx,
          NewNotification.of(assignee.get(), "triage_item.assigned", item.title())
              .about(TriageItems.WHAT, item.id())
              .onceFor("triage_item.assigned:" + item.id() + ':' + item.version()));
    }
  }

  /** Says that it has another status, and tells reporter and assignee if that closes it. */
  void moved(TenantTx tx, TriageItem before, TriageItem after) {
    if (!after.status().isOpen()) {
      tx.dsl()
          .fetch(
              TELL,
              after.reporterOrNull(),
              after.assigneeOrNull(),
              tx.userId().orElse(null),
              "triage_item." + after.status().name().toLowerCase(Locale.ROOT),
              after.title(),
              after.id(),
              "triage_item.status:" + after.id() + ':' + after.version());
    }
    tx.publish(
        new TriageItemStatusChanged(
            tx.organizationId(), after.id(), before.status(), after.status()));
  }
}
