package dev.plinth.base.workspace;

import static dev.plinth.base.jooq.Tables.WORKSPACES;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Members;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * The workspaces of an organization and who belongs to them. Who administers the organization makes
 * and manages all of them, a lead manages the own one, viewers of the organization write nothing:
 * the database enforces all three. Deleted workspaces are gone for everything here, and so is who
 * left the organization. Thread-safe.
 */
public final class Workspaces {

  private static final String WHAT = "workspace";
  private static final String MEMBER = "workspace_member";

  private final WorkspaceQueries queries = new WorkspaceQueries();
  private final WorkspaceMemberQueries workspaceMembers = new WorkspaceMemberQueries();
  private final Members members = new Members();

  /**
   * Makes a workspace. Who acts becomes its lead, unless another is named; a service that names
   * none makes a workspace without.
   *
   * @return the stored workspace
   * @throws ConflictException if the slug is taken
   * @throws NotFoundException if the given lead is no member
   * @throws AccessDeniedException if who acts does not administer the organization
   */
  public Workspace create(TenantTx tx, NewWorkspace workspace) {
    tx.requireAdministrator("only owners and admins make workspaces");
    Optional<UUID> lead = Optional.ofNullable(workspace.lead()).or(tx::userId);
    lead.ifPresent(user -> members.get(tx, user));
    Workspace created =
        queries
            .insert(tx, workspace)
            .orElseThrow(
                () -> new ConflictException("workspaces", "slug", "workspaces_slug_uq", null));
    lead.ifPresent(user -> workspaceMembers.add(tx, created.id(), user, WorkspaceRole.LEAD));
    tx.publish(new WorkspaceCreated(tx.organizationId(), created.id()));
    return created;
  }

  /**
   * The workspace of an id.
   *
   * @throws NotFoundException if the organization has none
   */
  public Workspace get(TenantTx tx, UUID id) {
    return queries
        .find(tx, WORKSPACES.ID.eq(id))
        .orElseThrow(() -> new NotFoundException(WHAT, id.toString(), null));
  }

  /** The workspace of a slug. */
  public Optional<Workspace> findBySlug(TenantTx tx, String slug) {
    return queries.find(tx, WORKSPACES.SLUG.eq(slug));
  }

  /**
   * The workspaces by slug.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Workspace> list(TenantTx tx, PageRequest request) {
    return queries.page(tx, request);
  }

  /**
   * Changes what is named.
   *
   * @param version what the caller saw
   * @return the stored workspace
   * @throws NotFoundException if there is no such workspace
   * @throws StaleVersionException if the workspace changed since
   * @throws ConflictException if the new slug is taken
   * @throws AccessDeniedException if who acts neither administers the organization nor leads the
   *     workspace, or is a viewer
   * @throws dev.plinth.base.error.InvalidValueException if nothing is named
   */
  public Workspace update(TenantTx tx, UUID id, int version, WorkspaceChanges changes) {
    Map<Field<?>, @Nullable Object> assignments = changes.assignments();
    requireManager(tx, id);
    return updated(tx, id, version, assignments);
  }

  /**
   * Deletes a workspace softly: its slug is free again, and what points to it stays.
   *
   * @param version what the caller saw
   * @throws NotFoundException if there is no such workspace
   * @throws StaleVersionException if the workspace changed since
   * @throws AccessDeniedException as for {@link #update}
   */
  public void delete(TenantTx tx, UUID id, int version) {
    requireManager(tx, id);
    updated(tx, id, version, Map.of(WORKSPACES.DELETED_AT, tx.now()));
    tx.publish(new WorkspaceDeleted(tx.organizationId(), id));
  }

  /**
   * Adds a member of the organization to a workspace.
   *
   * @return the stored member
   * @throws ConflictException if the user belongs to it already
   * @throws NotFoundException if there is no such workspace, or the user is no member
   * @throws AccessDeniedException as for {@link #update}
   */
  public WorkspaceMember addMember(TenantTx tx, UUID workspace, UUID user, WorkspaceRole role) {
    requireManager(tx, workspace);
    members.get(tx, user);
    if (!workspaceMembers.add(tx, workspace, user, role)) {
      throw new ConflictException("workspace_members", "user", "workspace_members_user_uq", null);
    }
    tx.publish(new WorkspaceMemberChanged(tx.organizationId(), workspace, user, role, true));
    return member(tx, workspace, user);
  }

  /**
   * Somebody who belongs to a workspace.
   *
   * @throws NotFoundException if the user does not, or there is no such workspace
   */
  public WorkspaceMember member(TenantTx tx, UUID workspace, UUID user) {
    return workspaceMembers
        .find(tx, workspace, user)
        .orElseThrow(() -> new NotFoundException(MEMBER, user.toString(), null));
  }

  /**
   * Who belongs to a workspace, in the order in which their users were made.
   *
   * @throws NotFoundException if there is no such workspace
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<WorkspaceMember> members(TenantTx tx, UUID workspace, PageRequest request) {
    get(tx, workspace);
    return workspaceMembers.page(tx, workspace, request);
  }

  /**
   * Gives somebody another role in a workspace.
   *
   * @param version what the caller saw
   * @return the stored member
   * @throws NotFoundException if the user does not belong to it
   * @throws StaleVersionException if the member changed since
   * @throws AccessDeniedException as for {@link #update}
   */
  public WorkspaceMember changeRole(
      TenantTx tx, UUID workspace, UUID user, int version, WorkspaceRole role) {
    requireManager(tx, workspace);
    member(tx, workspace, user);
    if (!workspaceMembers.changeRole(tx, workspace, user, version, role)) {
      throw stale(tx, workspace, user, version);
    }
    tx.publish(new WorkspaceMemberChanged(tx.organizationId(), workspace, user, role, true));
    return member(tx, workspace, user);
  }

  /**
   * Takes somebody out of a workspace, or lets one go who wants to.
   *
   * @param version what the caller saw
   * @throws NotFoundException if the user does not belong to it
   * @throws StaleVersionException if the member changed since
   * @throws AccessDeniedException as for {@link #update}, unless it is oneself
   */
  public void removeMember(TenantTx tx, UUID workspace, UUID user, int version) {
    tx.requireWriter();
    if (!tx.userId().equals(Optional.of(user))) {
      requireManager(tx, workspace);
    }
    WorkspaceMember gone = member(tx, workspace, user);
    if (!workspaceMembers.remove(tx, workspace, user, version)) {
      throw stale(tx, workspace, user, version);
    }
    tx.publish(
        new WorkspaceMemberChanged(tx.organizationId(), workspace, user, gone.role(), false));
  }

  private void requireManager(TenantTx tx, UUID workspace) {
    tx.requireWriter();
    get(tx, workspace);
    if (!tx.role().administers() && !leads(tx, workspace)) {
      throw new AccessDeniedException("only owners, admins and its leads manage a workspace", null);
    }
  }

  private boolean leads(TenantTx tx, UUID workspace) {
    return tx.userId()
        .flatMap(user -> workspaceMembers.find(tx, workspace, user))
        .filter(member -> member.role() == WorkspaceRole.LEAD)
        .isPresent();
  }

  private Workspace updated(
      TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    return queries
        .update(tx, id, version, changes)
        .orElseThrow(
            () -> {
              get(tx, id);
              return new StaleVersionException(WHAT, id.toString(), version, null);
            });
  }

  /** Or that there is no such member any more. */
  private StaleVersionException stale(TenantTx tx, UUID workspace, UUID user, int version) {
    member(tx, workspace, user);
    return new StaleVersionException(MEMBER, user.toString(), version, null);
  }
}
