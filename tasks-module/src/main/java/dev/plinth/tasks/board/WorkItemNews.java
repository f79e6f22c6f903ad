package dev.plinth.tasks.board;

import dev.plinth.base.notification.NewNotification;
import dev.plinth.base.notification.Notifications;
import dev.plinth.base.tenancy.TenantTx;
import java.util.Optional;
import java.util.UUID;

/** Who is told what becomes of a work item; not who does it. */
final class WorkItemNews {

  private final WorkItemQueries queries = new WorkItemQueries();
  private final Notifications notifications = new Notifications();

  /** Tells the assignee, if it is another than before. */
  void assigned(TenantTx tx, WorkItem item, Optional<UUID> before) {
    Optional<UUID> assignee = item.assignment().assignee();
    if (assignee.isPresent() && !assignee.equals(before) && !assignee.equals(tx.userId())) {
      notifications.notify(
          tx,
          NewNotification.of(assignee.get(), "work_item.assigned", item.title())
              .about(WorkItems.WHAT, item.id())
              .onceFor("work_item.assigned:" + item.id() + ':' + item.version()));
    }
  }

  /** Says that it has another status, and tells creator and assignee that it is done. */
  void moved(TenantTx tx, WorkItem before, WorkItem after) {
    if (after.status() == WorkItemStatus.DONE) {
      queries.tellOfCompletion(tx, after);
    }
    tx.publish(
        new WorkItemStatusChanged(
            tx.organizationId(), after.id(), before.status(), after.status()));
  }
}
