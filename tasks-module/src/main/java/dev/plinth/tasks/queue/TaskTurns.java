package dev.plinth.tasks.queue;

import static dev.plinth.tasks.jooq.Tables.TASKS;

import dev.plinth.base.sql.Priority;
import dev.plinth.base.sql.RankConverter;
import dev.plinth.base.tenancy.TenantTx;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/** The SQL of when the turn of tasks comes that wait. */
final class TaskTurns {

  private static final RankConverter<Priority> RANKS = new RankConverter<>(Priority.class);

  private static final Condition WAITING =
      TASKS.STATUS.in(
          DSL.inline(TaskStatus.PENDING, TASKS.STATUS),
          DSL.inline(TaskStatus.SCHEDULED, TASKS.STATUS),
          DSL.inline(TaskStatus.FAILED, TASKS.STATUS));

  /** What may begin already keeps its turn where it is to begin now. */
  private static final String RESCHEDULE =
      """
      WITH moved AS (
        UPDATE plinth_tasks.tasks t
        SET scheduled_at = CASE WHEN c.time > c.now THEN c.time ELSE least(t.scheduled_at, c.now) END,
            turn_at = plinth_tasks.turn_at(
              CASE WHEN c.time > c.now THEN c.time ELSE least(t.scheduled_at, c.now) END, t.priority),
            status = CASE WHEN c.time <= c.now THEN 'pending' WHEN t.status = 'failed' THEN t.status ELSE 'scheduled' END
        FROM (SELECT ?::timestamptz AS time, ?::timestamptz AS now) AS c
        WHERE t.organization_id = ? AND t.id IN (SELECT unnest(?)) AND t.status IN ('pending', 'scheduled', 'failed')
          AND (t.deadline IS NULL OR t.deadline > c.time)
        RETURNING t.id, t.queue, t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AS is_ready),
      told AS (
        SELECT pg_notify('plinth_tasks', ? || q.queue)
        FROM (SELECT DISTINCT m.queue FROM moved m WHERE m.is_ready) q)
      SELECT m.id FROM moved m WHERE (SELECT count(*) FROM told) IS NOT NULL
      """;

  private static final String REPRIORITIZE =
      """
      UPDATE plinth_tasks.tasks t
      SET priority = c.priority, turn_at = plinth_tasks.turn_at(t.scheduled_at, c.priority)
      FROM (SELECT ?::smallint AS priority) AS c
      WHERE t.organization_id = ? AND t.id IN (SELECT unnest(?)) AND t.status IN ('pending', 'scheduled', 'failed')
      RETURNING t.id
      """;

  /** As the database keeps it; nothing begins before now. */
  static Instant time(TenantTx tx, Instant wanted) {
    return wanted.isAfter(tx.now()) ? wanted.truncatedTo(ChronoUnit.MICROS) : tx.now();
  }

  /** Those that wait, do not have that time yet, and whose deadline is later. */
  static Condition movable(TenantTx tx, Instant time) {
    Condition other =
        time.isAfter(tx.now()) ? TASKS.SCHEDULED_AT.ne(time) : TASKS.SCHEDULED_AT.gt(time);
    return DSL.and(WAITING, other, TASKS.DEADLINE.isNull().or(TASKS.DEADLINE.gt(time)));
  }

  /** Those that wait and have another priority. */
  static Condition without(Priority priority) {
    return WAITING.and(TASKS.PRIORITY.ne(priority));
  }

  /** Those of the ids that wait and whose deadline is later; workers hear of what may begin. */
  List<UUID> reschedule(TenantTx tx, Collection<UUID> ids, Instant time) {
    UUID organization = tx.organizationId();
    return tx.dsl()
        .fetch(
            RESCHEDULE,
            time.toString(),
            tx.now().toString(),
            organization,
            ids.toArray(UUID[]::new),
            organization + ":")
        .getValues(0, UUID.class);
  }

  /** Those of the ids that wait. */
  List<UUID> reprioritize(TenantTx tx, Collection<UUID> ids, Priority priority) {
    return tx.dsl()
        .fetch(REPRIORITIZE, RANKS.to(priority), tx.organizationId(), ids.toArray(UUID[]::new))
        .getValues(0, UUID.class);
  }
}
