package dev.plinth.projects.feature;

import dev.plinth.base.notification.NewNotification;
import dev.plinth.base.notification.Notifications;
import dev.plinth.base.tenancy.TenantTx;
import java.util.Optional;
import java.util.UUID;

/** Who is told what becomes of a feature request; not who does it. */
final class FeatureRequestNews {

  private final FeatureRequestQueries queries = new FeatureRequestQueries();
  private final Notifications notifications = new Notifications();

  /** Tells the assignee, if it is another than before. */
  void assigned(TenantTx tx, FeatureRequest request, Optional<UUID> before) {
    if (request.assignee().isPresent() && !request.assignee().equals(before)) {
      UUID assignee = request.assignee().get();
      if (!request.assignee().equals(tx.userId())) {
        notifications.notify(tx, assignment(request, assignee));
      }
      tx.publish(new FeatureRequestAssigned(tx.organizationId(), request.id(), assignee));
    }
  }

  /** Tells the requester and the voters of another status. */
  void moved(TenantTx tx, FeatureRequest before, FeatureRequest after) {
    queries.tellOfStatus(tx, after);
    tx.publish(
        new FeatureRequestStatusChanged(
            tx.organizationId(), after.id(), before.status(), after.status()));
  }

  private static NewNotification assignment(FeatureRequest request, UUID assignee) {
    return NewNotification.of(assignee, "feature_request.assigned", request.title())
        .about(FeatureRequests.WHAT, request.id())
        .onceFor("feature_request.assigned:" + request.id() + ':' + request.version());
  }
}
