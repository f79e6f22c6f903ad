package dev.plinth.projects.project;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;

/**
 * Says so when a viewer changes something. The database refuses it in any case, but an update that
 * a policy hides from looks like one that found nothing.
 */
final class Writers {

  private Writers() {}

  static void require(TenantTx tx) {
    if (tx.role() == MemberRole.VIEWER) {
      throw new AccessDeniedException("viewers only read", null);
    }
  }
}
