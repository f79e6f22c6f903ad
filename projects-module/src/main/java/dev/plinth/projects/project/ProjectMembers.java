package dev.plinth.projects.project;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Members;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.UUID;

/**
 * Who works on a project, and as what. Every member of the organization but viewers may write; who
 * left the organization is not among them. Thread-safe.
 */
public final class ProjectMembers {

  private static final String WHAT = "project_member";

  private final ProjectMemberQueries queries = new ProjectMemberQueries();
  private final Projects projects = new Projects();
  private final Members members = new Members();

  /**
   * Adds a member of the organization to a project.
   *
   * @return the stored member
   * @throws ConflictException if the user works on it already
   * @throws NotFoundException if there is no such project, or the user is no member
   * @throws AccessDeniedException if who acts is a viewer
   */
  public ProjectMember add(TenantTx tx, UUID project, UUID user, ProjectRole role) {
    tx.requireWriter();
    projects.get(tx, project);
    members.get(tx, user);
    if (!queries.add(tx, project, user, role)) {
      throw new ConflictException("project_members", "user", "project_members_user_uq", null);
    }
    tx.publish(new ProjectMemberChanged(tx.organizationId(), project, user, role, true));
    return get(tx, project, user);
  }

  /**
   * Somebody who works on a project.
   *
   * @throws NotFoundException if the user does not, or there is no such project
   */
  public ProjectMember get(TenantTx tx, UUID project, UUID user) {
    return queries
        .find(tx, project, user)
        .orElseThrow(() -> new NotFoundException(WHAT, user.toString(), null));
  }

  /**
   * Who works on a project, in the order in which their users were made.
   *
   * @throws NotFoundException if there is no such project
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<ProjectMember> list(TenantTx tx, UUID project, PageRequest request) {
    projects.get(tx, project);
    return queries.page(tx, project, request);
  }

  /**
   * Gives somebody another role in a project.
   *
   * @param version what the caller saw
   * @return the stored member
   * @throws NotFoundException if the user does not work on it
   * @throws StaleVersionException if the member changed since
   * @throws AccessDeniedException if who acts is a viewer
   */
  public ProjectMember changeRole(
      TenantTx tx, UUID project, UUID user, int version, ProjectRole role) {
    tx.requireWriter();
    get(tx, project, user);
    if (!queries.changeRole(tx, project, user, version, role)) {
      throw stale(tx, project, user, version);
    }
    tx.publish(new ProjectMemberChanged(tx.organizationId(), project, user, role, true));
    return get(tx, project, user);
  }

  /**
   * Takes somebody off a project.
   *
   * @param version what the caller saw
   * @throws NotFoundException if the user does not work on it
   * @throws StaleVersionException if the member changed since
   * @throws AccessDeniedException if who acts is a viewer
   */
  public void remove(TenantTx tx, UUID project, UUID user, int version) {
    tx.requireWriter();
    ProjectMember gone = get(tx, project, user);
    if (!queries.remove(tx, project, user, version)) {
      throw stale(tx, project, user, version);
    }
    tx.publish(new ProjectMemberChanged(tx.organizationId(), project, user, gone.role(), false));
  }

  /** Or that there is no such member any more. */
  private StaleVersionException stale(TenantTx tx, UUID project, UUID user, int version) {
    get(tx, project, user);
    return new StaleVersionException(WHAT, user.toString(), version, null);
  }
}
