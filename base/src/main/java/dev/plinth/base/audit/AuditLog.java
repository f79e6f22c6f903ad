package dev.plinth.base.audit;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.Require;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who changed what in the organization, and who read what is sensitive. The database writes it,
 * whatever path a change takes, and lets nobody change it; it is seen by who administers the
 * organization. Thread-safe.
 */
public final class AuditLog {

  private static final int TYPE_LENGTH = 100;

  private final AuditQueries queries = new AuditQueries();

  /**
   * Entries, newest first. If some are of a sensitive table, it is recorded that who acts has read
   * them.
   *
   * @throws AccessDeniedException if who acts does not administer the organization, or if there are
   *     sensitive entries on the page and the transaction is read-only
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<AuditEntry> list(TenantTx tx, AuditFilter filter, PageRequest request) {
    tx.requireAdministrator("the audit log is for who administers the organization");
    Page<AuditEntry> page = queries.page(tx, filter, request);
    page.items().stream()
        .filter(AuditEntry::sensitive)
        .map(AuditEntry::subjectType)
        .distinct()
        .forEach(type -> queries.recordRead(tx, type, filter.subjectId()));
    return page;
  }

  /**
   * Records that who acts has read something sensitive; for services that hand it out, in the same
   * transaction.
   *
   * @param subjectType what was read, 1 to 100 characters
   * @param subjectId which one, or null for many
   * @throws AccessDeniedException if the transaction is read-only
   */
  public void recordRead(TenantTx tx, String subjectType, @Nullable UUID subjectId) {
    queries.recordRead(tx, Require.text("subjectType", subjectType, TYPE_LENGTH), subjectId);
  }
}
