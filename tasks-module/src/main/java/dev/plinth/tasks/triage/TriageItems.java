package dev.plinth.tasks.triage;

import static dev.plinth.tasks.jooq.Tables.TRIAGE_ITEMS;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.Require;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Members;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.board.NewWorkItem;
import dev.plinth.tasks.board.WorkItems;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * What comes in and is to be looked at. Every member sees it, everybody but viewers reports,
 * assigns and decides; the words of a report are changed by its reporter or who administers the
 * organization: the database enforces it. Nothing is deleted, only rejected. Thread-safe.
 */
public final class TriageItems {

  static final String WHAT = "triage_item";

  /** What is said of an item that became a work item. */
  public static final String BECAME_WORK_ITEM = "Became a work item";

  private static final int RESOLUTION_LENGTH = 5_000;

  private final TriageQueries queries = new TriageQueries();
  private final TriageNews news = new TriageNews();
  private final Members members = new Members();
  private final WorkItems workItems = new WorkItems();

  /**
   * Reports something; who is to look is told.
   *
   * @return the stored item, of who acts
   * @throws NotFoundException if the assignee is no active member
   * @throws AccessDeniedException if who acts is a viewer
   */
  public TriageItem report(TenantTx tx, NewTriageItem item) {
    tx.requireWriter();
    requireMember(tx, item.assignee());
    TriageItem reported = queries.insert(tx, item);
    tx.publish(new TriageItemReported(tx.organizationId(), reported.id()));
    news.assigned(tx, reported, Optional.empty());
    return reported;
  }

  /**
   * The item of an id.
   *
   * @throws NotFoundException if the organization has none
   */
  public TriageItem get(TenantTx tx, UUID id) {
    return queries.find(tx, id).orElseThrow(() -> notFound(id));
  }

  /**
   * Some of the items as a queue: the most urgent first, among equals the oldest. What gets another
   * priority between two pages may come twice or be left out.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<TriageItem> list(TenantTx tx, TriageFilter filter, PageRequest request) {
    return queries.page(tx, filter, request);
  }

  /**
   * Those whose title resembles another, the closest first: to be shown before somebody reports
   * what was reported already, and to who looks at it.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   * @throws InvalidValueException if the title is blank or longer than 1,000 characters
   */
  public Page<TriageItem> similar(
      TenantTx tx, String title, TriageFilter filter, PageRequest request) {
    return queries.similar(tx, title, filter, request);
  }

  /**
   * Changes what is named; who is to look now is told.
   *
   * @param version what the caller saw
   * @return the stored item
   * @throws NotFoundException if there is no such item, or the assignee is no active member
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts may not change that
   * @throws InvalidValueException if nothing is named
   */
  public TriageItem update(TenantTx tx, UUID id, int version, TriageChanges changes) {
    Map<Field<?>, @Nullable Object> assignments = changes.assignments();
    tx.requireWriter();
    TriageItem before = get(tx, id);
    if (changes.words() && !tx.role().administers() && !before.reporter().equals(tx.userId())) {
      throw new AccessDeniedException(
          "what was reported is changed by its reporter or who administers the organization", null);
    }
    requireMember(tx, changes.newAssignee().orElse(null));
    TriageItem after = updated(tx, id, version, assignments);
    tx.publish(new TriageItemChanged(tx.organizationId(), id));
    news.assigned(tx, after, before.assignee());
    return after;
  }

  /**
   * Moves an item on in its life, unless that resolves it. Reopening clears what came of it;
   * rejecting tells reporter and assignee.
   *
   * @param version what the caller saw
   * @return the stored item
   * @throws IllegalTransitionException if the present status cannot become {@code status}
   * @throws NotFoundException if there is no such item
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts is a viewer
   * @throws InvalidValueException if that resolves it: {@link #resolve} says what came of it
   */
  public TriageItem changeStatus(TenantTx tx, UUID id, int version, TriageStatus status) {
    if (status == TriageStatus.RESOLVED) {
      throw new InvalidValueException("resolution", "is required to resolve");
    }
    return moved(tx, id, version, new Move(status, Map.of(TRIAGE_ITEMS.STATUS, status)));
  }

  /**
   * Resolves an item; reporter and assignee are told.
   *
   * @param version what the caller saw
   * @param resolution what came of it, 1 to 5,000 characters
   * @return the stored item
   * @throws IllegalTransitionException if it is closed
   * @throws NotFoundException if there is no such item
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts is a viewer
   * @throws InvalidValueException if the resolution is blank or too long
   */
  public TriageItem resolve(TenantTx tx, UUID id, int version, String resolution) {
    String checked = Require.text("resolution", resolution, RESOLUTION_LENGTH);
    return moved(tx, id, version, new Move(TriageStatus.RESOLVED, resolving(checked)));
  }

  /**
   * Makes a work item of an item, which that resolves; once only, also for one that was reopened.
   * Reporter and assignee are told, and who the work item is for.
   *
   * @param version what the caller saw
   * @param work what is to be done, such as {@link TriageItem#asTask}
   * @return the stored item, which names the work item
   * @throws ConflictException if it became one already
   * @throws IllegalTransitionException if it is closed
   * @throws NotFoundException if there is no such item, or as {@link WorkItems#create} says
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts is a viewer
   */
  public TriageItem become(TenantTx tx, UUID id, int version, NewWorkItem work) {
    tx.requireWriter();
    // Two at once: nothing of the second one's is written before it knows of the first.
    TriageItem before = queries.lock(tx, id).orElseThrow(() -> notFound(id));
    if (before.workItem().isPresent()) {
      throw new ConflictException("triage_items", "work_item", "triage_items_work_item_uq", null);
    }
    requireMove(before, version, TriageStatus.RESOLVED);
    UUID workItem = workItems.create(tx, work).id();
    Map<Field<?>, @Nullable Object> changes = resolving(BECAME_WORK_ITEM);
    changes.put(TRIAGE_ITEMS.WORK_ITEM_ID, workItem);
    TriageItem after = updated(tx, id, version, changes);
    news.moved(tx, before, after);
    tx.publish(new TriageItemBecameWorkItem(tx.organizationId(), id, workItem));
    return after;
  }

  private record Move(TriageStatus to, Map<Field<?>, @Nullable Object> changes) {}

  private TriageItem moved(TenantTx tx, UUID id, int version, Move move) {
    tx.requireWriter();
    TriageItem before = get(tx, id);
    requireMove(before, version, move.to());
    TriageItem after = updated(tx, id, version, move.changes());
    news.moved(tx, before, after);
    return after;
  }

  private static void requireMove(TriageItem before, int version, TriageStatus status) {
    if (before.version() != version) {
      throw stale(before.id(), version);
    }
    if (!before.status().canBecome(status)) {
      throw new IllegalTransitionException(WHAT, word(before.status()), word(status), null);
    }
  }

  private static Map<Field<?>, @Nullable Object> resolving(String resolution) {
    Map<Field<?>, @Nullable Object> changes = new LinkedHashMap<>();
    changes.put(TRIAGE_ITEMS.STATUS, TriageStatus.RESOLVED);
    changes.put(TRIAGE_ITEMS.RESOLUTION, resolution);
    return changes;
  }

  private void requireMember(TenantTx tx, @Nullable UUID user) {
    if (user != null) {
      members.get(tx, user);
    }
  }

  private TriageItem updated(
      TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    return queries.update(tx, id, version, changes).orElseThrow(() -> stale(id, version));
  }

  private static NotFoundException notFound(UUID id) {
    return new NotFoundException(WHAT, id.toString(), null);
  }

  private static StaleVersionException stale(UUID id, int version) {
    return new StaleVersionException(WHAT, id.toString(), version, null);
  }

  private static String word(TriageStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
