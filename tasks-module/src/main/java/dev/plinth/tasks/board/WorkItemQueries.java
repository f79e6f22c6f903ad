package dev.plinth.tasks.board;

import static dev.plinth.tasks.jooq.Tables.WORK_ITEMS;
import static dev.plinth.tasks.jooq.Tables.WORK_ITEM_PARENTS;

import dev.plinth.base.tenancy.TenantTx;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectOnConditionStep;
import org.jspecify.annotations.Nullable;

/** The SQL of work items, one by one; {@link WorkItemLists} has that of many. */
final class WorkItemQueries {

  private static final String HAND_OVER =
      "SELECT * FROM plinth_tasks.hand_over_work_item(?, ?, ?, CAST(? AS uuid))";

  private static final String PLACE = "SELECT plinth_tasks.place_work_item(?, CAST(? AS uuid))";

  private static final String TELL =
      """
      SELECT plinth_base.notify_users(
        array_remove(ARRAY[?, ?]::uuid[], CAST(? AS uuid)), ?, ?, '', 'work_item', ?, ?)
      """;

  /**
   * The shortest number between two that follow each other, so that ranks do not grow long; next to
   * the last one, and before the first one, the next whole number.
   */
  private static final String RANK_AFTER =
      """
      WITH others AS (
        SELECT w.id, w.rank FROM plinth_tasks.work_items w
        WHERE w.organization_id = ? AND w.deleted_at IS NULL AND w.id <> ?),
      bounds AS (
        SELECT a.rank AS low, (SELECT min(o.rank) FROM others o WHERE a.rank IS NULL OR o.rank > a.rank) AS high
        FROM (SELECT (SELECT o.rank FROM others o WHERE o.id = CAST(? AS uuid)) AS rank) a)
      SELECT CASE
        WHEN b.low IS NULL THEN coalesce(floor(b.high) - 1, 0)
        WHEN b.high IS NULL THEN floor(b.low) + 1
        ELSE (SELECT round(m.mid, s.digits)
              FROM (SELECT (b.low + b.high) * 0.5 AS mid) m CROSS JOIN generate_series(0, scale(m.mid)) s (digits)
              WHERE round(m.mid, s.digits) > b.low AND round(m.mid, s.digits) < b.high
              ORDER BY s.digits LIMIT 1) END
      FROM bounds b
      """;

  /** The id of the stored work item. */
  UUID insert(TenantTx tx, NewWorkItem item) {
    return tx.dsl()
        .insertInto(WORK_ITEMS)
        .set(WORK_ITEMS.ORGANIZATION_ID, tx.organizationId())
        .set(WORK_ITEMS.PROJECT_ID, item.project())
        .set(WORK_ITEMS.KIND, item.kind())
        .set(WORK_ITEMS.TITLE, item.title())
        .set(WORK_ITEMS.DESCRIPTION, item.description())
        .set(WORK_ITEMS.PRIORITY, item.priority())
        .set(WORK_ITEMS.ASSIGNED_ROLE, item.assignment().roleOrNull())
        .set(WORK_ITEMS.ASSIGNEE_ID, item.assignment().assigneeOrNull())
        .set(WORK_ITEMS.START_AT, item.schedule().start())
        .set(WORK_ITEMS.END_AT, item.schedule().end())
        .set(WORK_ITEMS.POINTS, item.points())
        .set(WORK_ITEMS.METADATA, item.metadata())
        .returning(WORK_ITEMS.ID)
        .fetchSingle(WORK_ITEMS.ID);
  }

  Optional<WorkItem> find(TenantTx tx, UUID id) {
    return select(tx)
        .where(live(tx), WORK_ITEMS.ID.eq(id))
        .fetchOptional(row -> workItem(row, tx.now()));
  }

  /** Whether there was such a work item of that version. */
  boolean update(TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    return tx.dsl()
            .update(WORK_ITEMS)
            .set(changes)
            .where(live(tx), WORK_ITEMS.ID.eq(id), WORK_ITEMS.VERSION.eq(version))
            .execute()
        == 1;
  }

  /** The work item as it was given; empty if there was none of that version. */
  Optional<WorkItem> handOver(TenantTx tx, WorkItem before, Assignment to) {
    String role = to.role().map(value -> value.name().toLowerCase(Locale.ROOT)).orElse(null);
    return tx.dsl()
        .resultQuery(HAND_OVER, before.id(), before.version(), role, to.assigneeOrNull())
        .coerce(WORK_ITEMS.fields())
        .fetchOptional(row -> workItem(row, before.parentOrNull(), tx.now()));
  }

  void place(TenantTx tx, UUID id, @Nullable UUID parent) {
    tx.dsl().fetch(PLACE, id, parent);
  }

  /** The rank right after another of those that who acts sees, or before all. */
  BigDecimal rankAfter(TenantTx tx, UUID id, @Nullable UUID other) {
    return tx.dsl()
        .resultQuery(RANK_AFTER, tx.organizationId(), id, other)
        .coerce(WORK_ITEMS.RANK)
        .fetchSingle(WORK_ITEMS.RANK);
  }

  /** Tells the creator and the assignee, but not who acts. */
  void tellOfCompletion(TenantTx tx, WorkItem item) {
    tx.dsl()
        .fetch(
            TELL,
            item.creatorOrNull(),
            item.assignment().assigneeOrNull(),
            tx.userId().orElse(null),
            "work_item.completed",
            item.title(),
            item.id(),
            "work_item.completed:" + item.id() + ':' + item.version());
  }

  /** With what each is part of, where who asks sees that. */
  static SelectOnConditionStep<Record> select(TenantTx tx) {
    return tx.dsl()
        .select(WORK_ITEMS.fields())
        .select(WORK_ITEM_PARENTS.PARENT_ID)
        .from(WORK_ITEMS)
        .leftJoin(WORK_ITEM_PARENTS)
        .on(
            WORK_ITEM_PARENTS.ORGANIZATION_ID.eq(WORK_ITEMS.ORGANIZATION_ID),
            WORK_ITEM_PARENTS.WORK_ITEM_ID.eq(WORK_ITEMS.ID),
            WORK_ITEM_PARENTS.ENDED_AT.isNull());
  }

  static Condition live(TenantTx tx) {
    return WORK_ITEMS.ORGANIZATION_ID.eq(tx.organizationId()).and(WORK_ITEMS.DELETED_AT.isNull());
  }

  static WorkItem workItem(Record row, Instant now) {
    return workItem(row, row.get(WORK_ITEM_PARENTS.PARENT_ID), now);
  }

  private static WorkItem workItem(Record row, @Nullable UUID parent, Instant now) {
    WorkItemStatus status = row.get(WORK_ITEMS.STATUS);
    Instant end = row.get(WORK_ITEMS.END_AT);
    return new WorkItem(
        row.get(WORK_ITEMS.ORGANIZATION_ID),
        row.get(WORK_ITEMS.ID),
        row.get(WORK_ITEMS.PROJECT_ID),
        parent,
        row.get(WORK_ITEMS.KIND),
        row.get(WORK_ITEMS.TITLE),
        row.get(WORK_ITEMS.DESCRIPTION),
        status,
        row.get(WORK_ITEMS.PRIORITY),
        new Assignment(row.get(WORK_ITEMS.ASSIGNED_ROLE), row.get(WORK_ITEMS.ASSIGNEE_ID)),
        row.get(WORK_ITEMS.CREATOR_ID),
        row.get(WORK_ITEMS.START_AT),
        end,
        row.get(WORK_ITEMS.STARTED_AT),
        row.get(WORK_ITEMS.COMPLETED_AT),
        status.isOpen() && end != null && end.isBefore(now),
        row.get(WORK_ITEMS.DELAYED_AT),
        row.get(WORK_ITEMS.POINTS),
        row.get(WORK_ITEMS.RANK),
        row.get(WORK_ITEMS.METADATA),
        row.get(WORK_ITEMS.CREATED_AT),
        row.get(WORK_ITEMS.UPDATED_AT),
        row.get(WORK_ITEMS.VERSION));
  }
}
