package dev.plinth.tasks.board;

import static dev.plinth.tasks.jooq.Tables.WORK_ITEMS;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConstraintViolationException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Members;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * Work that people do: epics, stories and tasks on a board. An item is seen by the members of its
 * role, its assignee, its creator and who manages the board (owners, admins, project managers, the
 * organization's own machinery), and by every member where it has neither role nor assignee: the
 * database enforces it, and to others it does not exist. Who sees an item and is no viewer may
 * change it; its creator, and who manages the board, may delete it. Thread-safe.
 */
public final class WorkItems {

  static final String WHAT = "work_item";

  private final WorkItemQueries queries = new WorkItemQueries();
  private final WorkItemLists lists = new WorkItemLists();
  private final TransitionQueries transitions = new TransitionQueries();
  private final Members members = new Members();
  private final WorkItemNews news = new WorkItemNews();

  /**
   * Makes a work item, to be done, as the last of the board; its assignee is told.
   *
   * @return the stored work item, of who acts
   * @throws NotFoundException if the assignee is no member, or there is no such parent or project
   * @throws ConstraintViolationException if the parent is of a kind that has no such parts
   * @throws AccessDeniedException if who acts is a viewer
   */
  public WorkItem create(TenantTx tx, NewWorkItem item) {
    tx.requireWriter();
    item.assignment().assignee().ifPresent(assignee -> members.get(tx, assignee));
    UUID id = queries.insert(tx, item);
    if (item.parent() != null) {
      queries.place(tx, id, item.parent());
    }
    WorkItem created = get(tx, id);
    tx.publish(new WorkItemCreated(tx.organizationId(), id));
    news.assigned(tx, created, Optional.empty());
    return created;
  }

  /**
   * The work item of an id.
   *
   * @throws NotFoundException if who asks sees none
   */
  public WorkItem get(TenantTx tx, UUID id) {
    return queries.find(tx, id).orElseThrow(() -> new NotFoundException(WHAT, id.toString(), null));
  }

  /**
   * Some of the work items that who asks sees, by rank. What is moved between two pages may come
   * twice or be left out.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<WorkItem> list(TenantTx tx, WorkItemFilter filter, PageRequest request) {
    return lists.page(tx, filter, request);
  }

  /**
   * What an item consists of now, as far as who asks sees it.
   *
   * @throws NotFoundException if who asks sees no such item
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<WorkItem> children(TenantTx tx, UUID id, PageRequest request) {
    get(tx, id);
    return lists.page(tx, WorkItemFilter.all().partsOf(id), request);
  }

  /**
   * Changes what is named. Another end makes it delayed anew, when that has passed.
   *
   * @param version what the caller saw
   * @return the stored work item
   * @throws NotFoundException if who acts sees no such item, or there is no such project
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts is a viewer
   * @throws ConstraintViolationException if it would end before it begins
   * @throws dev.plinth.base.error.InvalidValueException if nothing is named
   */
  public WorkItem update(TenantTx tx, UUID id, int version, WorkItemChanges changes) {
    tx.requireWriter();
    Map<Field<?>, @Nullable Object> assignments = changes.assignments();
    get(tx, id);
    return changed(tx, id, version, assignments);
  }

  /**
   * Moves a work item on in its life. Its creator and its assignee are told when it is done.
   *
   * @param version what the caller saw
   * @return the stored work item
   * @throws IllegalTransitionException if the present status cannot become {@code status}; if it is
   *     to be started or done while something that it waits for is open, of what who acts sees
   * @throws NotFoundException if who acts sees no such item
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts is a viewer
   */
  public WorkItem changeStatus(TenantTx tx, UUID id, int version, WorkItemStatus status) {
    tx.requireWriter();
    WorkItem before = get(tx, id);
    requireVersion(before, version);
    if (!before.status().canBecome(status)) {
      throw new IllegalTransitionException(WHAT, word(before.status()), word(status), null);
    }
    WorkItem after = updated(tx, id, version, Map.of(WORK_ITEMS.STATUS, status));
    news.moved(tx, before, after);
    return after;
  }

  /**
   * Gives a work item to a role, a member, both, or whoever likes; a new assignee is told. Who acts
   * may not see it any more afterwards.
   *
   * @param version what the caller saw
   * @return the work item as it was given
   * @throws NotFoundException if who acts sees no such item, or the assignee is no active member
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts is a viewer
   */
  public WorkItem handOver(TenantTx tx, UUID id, int version, Assignment to) {
    tx.requireWriter();
    WorkItem before = get(tx, id);
    requireVersion(before, version);
    WorkItem after = queries.handOver(tx, before, to).orElseThrow(() -> stale(id, version));
    news.assigned(tx, after, before.assignment().assignee());
    tx.publish(new WorkItemHandedOver(tx.organizationId(), id, before.assignment(), to));
    return after;
  }

  /**
   * Makes a work item part of another, or of none; it ends what it was part of before, also where
   * who acts does not see that.
   *
   * @param parent an epic of stories and tasks, or a story of tasks; null for none
   * @return the stored work item
   * @throws NotFoundException if who acts sees no such item or parent
   * @throws ConstraintViolationException if the parent is of a kind that has no such parts
   * @throws AccessDeniedException if who acts is a viewer
   */
  public WorkItem place(TenantTx tx, UUID id, @Nullable UUID parent) {
    tx.requireWriter();
    get(tx, id);
    queries.place(tx, id, parent);
    tx.publish(new WorkItemChanged(tx.organizationId(), id));
    return get(tx, id);
  }

  /**
   * Moves a work item right behind another on the board, as who acts sees it.
   *
   * @param version what the caller saw
   * @param after another item; null to the front
   * @return the stored work item
   * @throws NotFoundException if who acts sees no such item
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts is a viewer
   */
  public WorkItem move(TenantTx tx, UUID id, int version, @Nullable UUID after) {
    tx.requireWriter();
    get(tx, id);
    if (after != null) {
      get(tx, after);
    }
    BigDecimal rank = queries.rankAfter(tx, id, after);
    return changed(tx, id, version, Map.of(WORK_ITEMS.RANK, rank));
  }

  /**
   * Deletes a work item softly; what was part of it is part of nothing then, and what waited for it
   * waits no more. What transitions say of the time before stays.
   *
   * @param version what the caller saw
   * @throws NotFoundException if who acts sees no such item
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts neither made it nor manages the board
   */
  public void delete(TenantTx tx, UUID id, int version) {
    tx.requireWriter();
    WorkItem before = get(tx, id);
    boolean own = before.creator().isPresent() && before.creator().equals(tx.userId());
    if (!own && !managesBoard(tx.role())) {
      throw new AccessDeniedException(
          "a work item is deleted by its creator or who manages the board", null);
    }
    if (!queries.update(tx, id, version, Map.of(WORK_ITEMS.DELETED_AT, tx.now()))) {
      throw stale(id, version);
    }
    tx.publish(new WorkItemDeleted(tx.organizationId(), id));
  }

  /**
   * How it stood after every change of status, role, assignee, start, end, points and project,
   * oldest first.
   *
   * @throws NotFoundException if who asks sees no such item
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<WorkItemTransition> transitions(TenantTx tx, UUID id, PageRequest request) {
    get(tx, id);
    return transitions.page(tx, id, request);
  }

  private WorkItem changed(
      TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    WorkItem after = updated(tx, id, version, changes);
    tx.publish(new WorkItemChanged(tx.organizationId(), id));
    return after;
  }

  private WorkItem updated(
      TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    if (!queries.update(tx, id, version, changes)) {
      throw stale(id, version);
    }
    return get(tx, id);
  }

  private static void requireVersion(WorkItem item, int version) {
    if (item.version() != version) {
      throw stale(item.id(), version);
    }
  }

  private static boolean managesBoard(MemberRole role) {
    return role.administers() || role == MemberRole.PROJECT_MANAGER;
  }

  private static StaleVersionException stale(UUID id, int version) {
    return new StaleVersionException(WHAT, id.toString(), version, null);
  }

  private static String word(WorkItemStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
