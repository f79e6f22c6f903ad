package dev.plinth.tasks.board;

import static dev.plinth.tasks.board.WorkItemQueries.live;
import static dev.plinth.tasks.board.WorkItemQueries.select;
import static dev.plinth.tasks.jooq.Tables.WORK_ITEMS;
import static dev.plinth.tasks.jooq.Tables.WORK_ITEM_DEPENDENCIES;
import static dev.plinth.tasks.jooq.Tables.WORK_ITEM_PARENTS;

import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The SQL of lists of work items, as they stand on the board: by rank. */
final class WorkItemLists {

  private static final String BY_RANK = "work-items-by-rank";

  Page<WorkItem> page(TenantTx tx, WorkItemFilter filter, PageRequest request) {
    return byRank(tx, filter, matching(tx, filter), request);
  }

  /** What an item waits for. */
  Page<WorkItem> blockersOf(TenantTx tx, UUID id, PageRequest request) {
    Condition blocks =
        WORK_ITEMS.ID.in(
            DSL.select(WORK_ITEM_DEPENDENCIES.BLOCKER_ID)
                .from(WORK_ITEM_DEPENDENCIES)
                .where(
                    WORK_ITEM_DEPENDENCIES.ORGANIZATION_ID.eq(tx.organizationId()),
                    WORK_ITEM_DEPENDENCIES.BLOCKED_ID.eq(id)));
    return byRank(tx, "blockers of " + id, blocks, request);
  }

  /** What waits for an item. */
  Page<WorkItem> blockedBy(TenantTx tx, UUID id, PageRequest request) {
    Condition waits =
        WORK_ITEMS.ID.in(
            DSL.select(WORK_ITEM_DEPENDENCIES.BLOCKED_ID)
                .from(WORK_ITEM_DEPENDENCIES)
                .where(
                    WORK_ITEM_DEPENDENCIES.ORGANIZATION_ID.eq(tx.organizationId()),
                    WORK_ITEM_DEPENDENCIES.BLOCKER_ID.eq(id)));
    return byRank(tx, "blocked by " + id, waits, request);
  }

  private static Page<WorkItem> byRank(
      TenantTx tx, Object filter, Condition matching, PageRequest request) {
    Keyset keyset = Keyset.of(BY_RANK, filter, tx.organizationId());
    List<WorkItem> rows =
        select(tx)
            .where(live(tx), matching, after(keyset.position(request, 2)))
            .orderBy(WORK_ITEMS.RANK, WORK_ITEMS.ID)
            .limit(request.limit() + 1)
            .fetch(row -> WorkItemQueries.workItem(row, tx.now()));
    return keyset.page(
        rows, request, row -> List.of(row.rank().toPlainString(), row.id().toString()));
  }

  private static Condition after(List<String> position) {
    if (position.isEmpty()) {
      return DSL.noCondition();
    }
    try {
      BigDecimal rank = new BigDecimal(position.get(0));
      UUID id = UUID.fromString(position.get(1));
      return DSL.row(WORK_ITEMS.RANK, WORK_ITEMS.ID)
          .gt(DSL.row(DSL.val(rank, WORK_ITEMS.RANK), DSL.val(id, WORK_ITEMS.ID)));
    } catch (IllegalArgumentException e) {
      throw new InvalidCursorException(BY_RANK, e);
    }
  }

  private static Condition matching(TenantTx tx, WorkItemFilter filter) {
    return DSL.and(
        equal(WORK_ITEMS.PROJECT_ID, filter.project()),
        equal(WORK_ITEM_PARENTS.PARENT_ID, filter.parent()),
        equal(WORK_ITEMS.KIND, filter.kind()),
        equal(WORK_ITEMS.STATUS, filter.status()),
        equal(WORK_ITEMS.ASSIGNEE_ID, filter.assignee()),
        equal(WORK_ITEMS.ASSIGNED_ROLE, filter.role()),
        filter.delayed() ? WORK_ITEMS.END_AT.lt(tx.now()).and(open()) : DSL.noCondition());
  }

  /** Inlined, as the index has it. */
  private static Condition open() {
    return WORK_ITEMS.STATUS.in(
        DSL.inline(WorkItemStatus.TODO, WORK_ITEMS.STATUS),
        DSL.inline(WorkItemStatus.IN_PROGRESS, WORK_ITEMS.STATUS));
  }

  private static <T> Condition equal(Field<T> column, @Nullable T value) {
    return value == null ? DSL.noCondition() : column.eq(value);
  }
}
