package dev.plinth.base.workspace;

import static dev.plinth.base.jooq.Tables.ORGANIZATION_MEMBERS;
import static dev.plinth.base.jooq.Tables.WORKSPACES;
import static dev.plinth.base.jooq.Tables.WORKSPACE_MEMBERS;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.SelectOnConditionStep;

/** The SQL of workspace members. */
final class WorkspaceMemberQueries {

  private static final String BY_USER = "workspace-members-by-user";

  /** Whether the user was none before. */
  boolean add(TenantTx tx, UUID workspace, UUID user, WorkspaceRole role) {
    return tx.dsl()
            .insertInto(WORKSPACE_MEMBERS)
            .set(WORKSPACE_MEMBERS.ORGANIZATION_ID, tx.organizationId())
            .set(WORKSPACE_MEMBERS.WORKSPACE_ID, workspace)
            .set(WORKSPACE_MEMBERS.USER_ID, user)
            .set(WORKSPACE_MEMBERS.ROLE, role)
            .onConflict(
                WORKSPACE_MEMBERS.ORGANIZATION_ID,
                WORKSPACE_MEMBERS.WORKSPACE_ID,
                WORKSPACE_MEMBERS.USER_ID)
            .doNothing()
            .execute()
        == 1;
  }

  Optional<WorkspaceMember> find(TenantTx tx, UUID workspace, UUID user) {
    return select(tx)
        .where(of(tx, workspace), WORKSPACE_MEMBERS.USER_ID.eq(user))
        .fetchOptional(WorkspaceMemberQueries::member);
  }

  Page<WorkspaceMember> page(TenantTx tx, UUID workspace, PageRequest request) {
    Keyset keyset = Keyset.of(BY_USER, workspace, tx.organizationId());
    List<WorkspaceMember> rows =
        select(tx)
            .where(
                of(tx, workspace),
                keyset.after(request, WORKSPACE_MEMBERS.USER_ID, UUID::fromString))
            .orderBy(WORKSPACE_MEMBERS.USER_ID)
            .limit(request.limit() + 1)
            .fetch(WorkspaceMemberQueries::member);
    return keyset.page(rows, request, row -> List.of(row.userId().toString()));
  }

  /** Whether there was such a member of that version. */
  boolean changeRole(TenantTx tx, UUID workspace, UUID user, int version, WorkspaceRole role) {
    return tx.dsl()
            .update(WORKSPACE_MEMBERS)
            .set(WORKSPACE_MEMBERS.ROLE, role)
            .where(one(tx, workspace, user), WORKSPACE_MEMBERS.VERSION.eq(version))
            .execute()
        == 1;
  }

  /** Whether there was such a member of that version. */
  boolean remove(TenantTx tx, UUID workspace, UUID user, int version) {
    return tx.dsl()
            .deleteFrom(WORKSPACE_MEMBERS)
            .where(one(tx, workspace, user), WORKSPACE_MEMBERS.VERSION.eq(version))
            .execute()
        == 1;
  }

  private static SelectOnConditionStep<Record> select(TenantTx tx) {
    return tx.dsl()
        .select(WORKSPACE_MEMBERS.fields())
        .select(ORGANIZATION_MEMBERS.DISPLAY_NAME)
        .from(WORKSPACE_MEMBERS)
        .join(WORKSPACES)
        .on(
            WORKSPACES.ORGANIZATION_ID.eq(WORKSPACE_MEMBERS.ORGANIZATION_ID),
            WORKSPACES.ID.eq(WORKSPACE_MEMBERS.WORKSPACE_ID),
            WORKSPACES.DELETED_AT.isNull())
        .join(ORGANIZATION_MEMBERS)
        .on(
            ORGANIZATION_MEMBERS.ORGANIZATION_ID.eq(WORKSPACE_MEMBERS.ORGANIZATION_ID),
            ORGANIZATION_MEMBERS.USER_ID.eq(WORKSPACE_MEMBERS.USER_ID),
            ORGANIZATION_MEMBERS.LEFT_AT.isNull());
  }

  private static Condition of(TenantTx tx, UUID workspace) {
    return WORKSPACE_MEMBERS
        .ORGANIZATION_ID
        .eq(tx.organizationId())
        .and(WORKSPACE_MEMBERS.WORKSPACE_ID.eq(workspace));
  }

  private static Condition one(TenantTx tx, UUID workspace, UUID user) {
    return of(tx, workspace).and(WORKSPACE_MEMBERS.USER_ID.eq(user));
  }

  private static WorkspaceMember member(Record row) {
    return new WorkspaceMember(
        row.get(WORKSPACE_MEMBERS.ORGANIZATION_ID),
        row.get(WORKSPACE_MEMBERS.WORKSPACE_ID),
        row.get(WORKSPACE_MEMBERS.USER_ID),
        row.get(WORKSPACE_MEMBERS.ROLE),
        row.get(ORGANIZATION_MEMBERS.DISPLAY_NAME),
        row.get(WORKSPACE_MEMBERS.CREATED_AT),
        row.get(WORKSPACE_MEMBERS.UPDATED_AT),
        row.get(WORKSPACE_MEMBERS.VERSION));
  }
}
