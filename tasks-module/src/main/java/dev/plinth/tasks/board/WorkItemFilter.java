package dev.plinth.tasks.board;

import dev.plinth.base.tenancy.MemberRole;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which work items of those that who asks sees; what is null does not matter.
 *
 * @param parent only parts of this one, as it is now
 * @param delayed only open ones whose end has passed
 */
public record WorkItemFilter(
    @Nullable UUID project,
    @Nullable UUID parent,
    @Nullable WorkItemKind kind,
    @Nullable WorkItemStatus status,
    @Nullable UUID assignee,
    @Nullable MemberRole role,
    boolean delayed) {

  /** All of them. */
  public static WorkItemFilter all() {
    return new WorkItemFilter(null, null, null, null, null, null, false);
  }

  /** The same of only one project. */
  public WorkItemFilter project(UUID only) {
    return new WorkItemFilter(only, parent, kind, status, assignee, role, delayed);
  }

  /** The same, only parts of one item. */
  public WorkItemFilter partsOf(UUID whole) {
    return new WorkItemFilter(project, whole, kind, status, assignee, role, delayed);
  }

  /** The same of only one kind. */
  public WorkItemFilter kind(WorkItemKind only) {
    return new WorkItemFilter(project, parent, only, status, assignee, role, delayed);
  }

  /** The same with only one status. */
  public WorkItemFilter status(WorkItemStatus only) {
    return new WorkItemFilter(project, parent, kind, only, assignee, role, delayed);
  }

  /** The same with only one assignee. */
  public WorkItemFilter assignedTo(UUID member) {
    return new WorkItemFilter(project, parent, kind, status, member, role, delayed);
  }

  /** The same, only what a role does. */
  public WorkItemFilter assignedTo(MemberRole only) {
    return new WorkItemFilter(project, parent, kind, status, assignee, only, delayed);
  }

  /** The same, only open ones whose end has passed. */
  public WorkItemFilter onlyDelayed() {
    return new WorkItemFilter(project, parent, kind, status, assignee, role, true);
  }
}
