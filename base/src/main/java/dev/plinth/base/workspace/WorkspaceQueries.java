package dev.plinth.base.workspace;

import static dev.plinth.base.jooq.Tables.WORKSPACES;

import dev.plinth.base.jooq.tables.records.WorkspacesRecord;
import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** The SQL of workspaces. */
final class WorkspaceQueries {

  private static final String BY_SLUG = "workspaces-by-slug";

  /** The stored workspace; empty if the slug is taken. */
  Optional<Workspace> insert(TenantTx tx, NewWorkspace workspace) {
    return tx.dsl()
        .insertInto(WORKSPACES)
        .set(WORKSPACES.ORGANIZATION_ID, tx.organizationId())
        .set(WORKSPACES.SLUG, workspace.slug())
        .set(WORKSPACES.NAME, workspace.name())
        .set(WORKSPACES.DESCRIPTION, workspace.description())
        .set(WORKSPACES.METADATA, workspace.metadata())
        .onConflict(WORKSPACES.ORGANIZATION_ID, WORKSPACES.SLUG)
        .where(WORKSPACES.DELETED_AT.isNull())
        .doNothing()
        .returning()
        .fetchOptional(WorkspaceQueries::workspace);
  }

  Optional<Workspace> find(TenantTx tx, Condition which) {
    return tx.dsl()
        .selectFrom(WORKSPACES)
        .where(live(tx), which)
        .fetchOptional(WorkspaceQueries::workspace);
  }

  Page<Workspace> page(TenantTx tx, PageRequest request) {
    Keyset keyset = Keyset.of(BY_SLUG, tx.organizationId());
    List<Workspace> rows =
        tx.dsl()
            .selectFrom(WORKSPACES)
            .where(live(tx), keyset.after(request, WORKSPACES.SLUG, text -> text))
            .orderBy(WORKSPACES.SLUG)
            .limit(request.limit() + 1)
            .fetch(WorkspaceQueries::workspace);
    return keyset.page(rows, request, row -> List.of(row.slug()));
  }

  /** The changed workspace; empty if there is none of that version. */
  Optional<Workspace> update(
      TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    return tx.dsl()
        .update(WORKSPACES)
        .set(changes)
        .where(live(tx), WORKSPACES.ID.eq(id), WORKSPACES.VERSION.eq(version))
        .returning()
        .fetchOptional(WorkspaceQueries::workspace);
  }

  private static Condition live(TenantTx tx) {
    return WORKSPACES.ORGANIZATION_ID.eq(tx.organizationId()).and(WORKSPACES.DELETED_AT.isNull());
  }

  private static Workspace workspace(WorkspacesRecord row) {
    return new Workspace(
        row.getOrganizationId(),
        row.getId(),
        row.getSlug(),
        row.getName(),
        row.getDescription(),
        row.getMetadata(),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getVersion());
  }
}
