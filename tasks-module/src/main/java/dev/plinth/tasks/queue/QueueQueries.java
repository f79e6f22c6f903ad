package dev.plinth.tasks.queue;

import static dev.plinth.tasks.jooq.Tables.TASK_QUEUES;

import dev.plinth.base.tenancy.TenantTx;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Record;

/** The SQL of queues. */
final class QueueQueries {

  /** Each count by the condition of an index, so that what is finished is not looked at. */
  private static final String LIST =
      """
      SELECT q.name, max(q.paused_at) AS paused_at, (array_agg(q.paused_by) FILTER (WHERE q.paused_by IS NOT NULL))[1] AS paused_by,
             sum(q.waiting)::bigint AS waiting, sum(q.running)::bigint AS running, sum(q.unhandled)::bigint AS unhandled
      FROM (
        SELECT name, paused_at, paused_by, 0 AS waiting, 0 AS running, 0 AS unhandled
        FROM plinth_tasks.task_queues WHERE organization_id = ?
        UNION ALL
        SELECT queue, NULL, NULL, count(*), 0, 0 FROM plinth_tasks.tasks
        WHERE organization_id = ? AND status = 'pending' AND unmet_dependencies = 0 AND unhandled_at IS NULL
          AND NOT is_limited
        GROUP BY queue
        UNION ALL
        SELECT queue, NULL, NULL, count(*), 0, 0 FROM plinth_tasks.tasks
        WHERE organization_id = ? AND status = 'pending' AND unmet_dependencies = 0 AND unhandled_at IS NULL
          AND is_limited
        GROUP BY queue
        UNION ALL
        SELECT queue, NULL, NULL, 0, count(*), 0 FROM plinth_tasks.tasks
        WHERE organization_id = ? AND status = 'running'
        GROUP BY queue
        UNION ALL
        SELECT queue, NULL, NULL, 0, 0, count(*) FROM plinth_tasks.tasks
        WHERE organization_id = ? AND status = 'pending' AND unhandled_at IS NOT NULL
        GROUP BY queue) AS q
      GROUP BY q.name
      ORDER BY q.name
      """;

  private static final String WAKE = "SELECT pg_notify('plinth_tasks', ?)";

  void pause(TenantTx tx, String name) {
    tx.dsl()
        .insertInto(TASK_QUEUES)
        .set(TASK_QUEUES.ORGANIZATION_ID, tx.organizationId())
        .set(TASK_QUEUES.NAME, name)
        .set(TASK_QUEUES.PAUSED_AT, tx.now())
        .set(TASK_QUEUES.PAUSED_BY, tx.userId().orElse(null))
        .onConflict(TASK_QUEUES.ORGANIZATION_ID, TASK_QUEUES.NAME)
        .doUpdate()
        .setAllToExcluded()
        .where(TASK_QUEUES.PAUSED_AT.isNull())
        .execute();
  }

  void resume(TenantTx tx, String name) {
    int resumed =
        tx.dsl()
            .update(TASK_QUEUES)
            .setNull(TASK_QUEUES.PAUSED_AT)
            .setNull(TASK_QUEUES.PAUSED_BY)
            .where(own(tx), TASK_QUEUES.NAME.eq(name), TASK_QUEUES.PAUSED_AT.isNotNull())
            .execute();
    if (resumed == 1) {
      tx.dsl().fetch(WAKE, tx.organizationId() + ":" + name);
    }
  }

  List<TaskQueue> list(TenantTx tx) {
    UUID own = tx.organizationId();
    return tx.dsl().fetch(LIST, own, own, own, own, own).map(QueueQueries::queue);
  }

  private static Condition own(TenantTx tx) {
    return TASK_QUEUES.ORGANIZATION_ID.eq(tx.organizationId());
  }

  private static TaskQueue queue(Record row) {
    return new TaskQueue(
        row.get("name", String.class),
        row.get("paused_at", TASK_QUEUES.PAUSED_AT.getType()),
        row.get("paused_by", UUID.class),
        row.get("waiting", Long.class),
        row.get("running", Long.class),
        row.get("unhandled", Long.class));
  }
}
