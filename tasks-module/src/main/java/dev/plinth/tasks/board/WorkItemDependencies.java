package dev.plinth.tasks.board;

import static dev.plinth.tasks.jooq.Tables.WORK_ITEM_DEPENDENCIES;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.CycleException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * Which work items wait for which. A dependency is seen by who sees both ends of it, and holds up
 * those alone: to refuse others something for it would tell of what is hidden. Thread-safe.
 */
public final class WorkItemDependencies {

  private final WorkItems items = new WorkItems();
  private final WorkItemLists lists = new WorkItemLists();

  /**
   * Lets an item wait for another: it is neither started nor done while that is open.
   *
   * @return whether it did not wait for it already
   * @throws CycleException if it would wait for itself; with the path, of which those are named
   *     that who acts sees
   * @throws NotFoundException if who acts sees no such items
   * @throws AccessDeniedException if who acts is a viewer
   * @throws dev.plinth.base.error.DatabaseException in a REPEATABLE READ transaction of the host's,
   *     whose snapshot may miss half of a cycle
   */
  public boolean add(TenantTx tx, UUID blocker, UUID blocked) {
    tx.requireWriter();
    requireBoth(tx, blocker, blocked);
    Field<UUID> stored =
        DSL.function(
            DSL.name("plinth_tasks", "add_work_item_dependency"),
            SQLDataType.UUID,
            DSL.val(blocker),
            DSL.val(blocked));
    boolean added = tx.dsl().select(stored).fetchSingle(stored) != null;
    if (added) {
      tx.publish(new WorkItemDependencyAdded(tx.organizationId(), blocker, blocked));
    }
    return added;
  }

  /**
   * Lets an item wait for another no more.
   *
   * @return whether it did
   * @throws NotFoundException if who acts sees no such items
   * @throws AccessDeniedException if who acts is a viewer
   */
  public boolean remove(TenantTx tx, UUID blocker, UUID blocked) {
    tx.requireWriter();
    requireBoth(tx, blocker, blocked);
    boolean removed =
        tx.dsl()
                .deleteFrom(WORK_ITEM_DEPENDENCIES)
                .where(
                    WORK_ITEM_DEPENDENCIES.ORGANIZATION_ID.eq(tx.organizationId()),
                    WORK_ITEM_DEPENDENCIES.BLOCKER_ID.eq(blocker),
                    WORK_ITEM_DEPENDENCIES.BLOCKED_ID.eq(blocked))
                .execute()
            == 1;
    if (removed) {
      tx.publish(new WorkItemDependencyRemoved(tx.organizationId(), blocker, blocked));
    }
    return removed;
  }

  /**
   * What an item waits for, as far as who asks sees it, by rank; also what is done.
   *
   * @throws NotFoundException if who asks sees no such item
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<WorkItem> blockersOf(TenantTx tx, UUID id, PageRequest request) {
    items.get(tx, id);
    return lists.blockersOf(tx, id, request);
  }

  /**
   * What waits for an item, as far as who asks sees it, by rank.
   *
   * @throws NotFoundException if who asks sees no such item
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<WorkItem> blockedBy(TenantTx tx, UUID id, PageRequest request) {
    items.get(tx, id);
    return lists.blockedBy(tx, id, request);
  }

  private void requireBoth(TenantTx tx, UUID blocker, UUID blocked) {
    items.get(tx, blocker);
    items.get(tx, blocked);
  }
}
