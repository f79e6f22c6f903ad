package dev.plinth.tasks.queue;

import static dev.plinth.tasks.jooq.Tables.TASKS;

import dev.plinth.base.tenancy.TenantTx;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Record;

/** The SQL of what callers change of tasks; what workers do is theirs. */
final class TaskChanges {

  /** A running one is asked to stop, in the same statement: it may have begun just now. */
  private static final String CANCEL =
      """
      UPDATE plinth_tasks.tasks t
      SET status = CASE WHEN t.status = 'running' THEN t.status ELSE 'cancelled' END,
          finished_at = CASE WHEN t.status = 'running' THEN t.finished_at ELSE c.now END,
          cancel_requested_at = CASE WHEN t.status = 'running' THEN coalesce(t.cancel_requested_at, c.now) END
      FROM (SELECT ?::timestamptz AS now) AS c
      WHERE t.organization_id = ? AND t.id = ? AND t.finished_at IS NULL
      RETURNING t.status, t.has_dependents OR t.run_id IS NOT NULL AS is_awaited
      """;

  private static final String TELL_WORKER = "SELECT pg_notify('plinth_tasks', ?)";

  private static final String SETTLE =
      """
      SELECT pg_notify('plinth_tasks', ? || s.queue)
      FROM plinth_tasks.settle_successors(?, ARRAY[?::uuid]) AS s (queue)
      """;

  /** A deadline that is over would make it dead again. */
  private static final String REPLAY =
      """
      WITH replayed AS (
        UPDATE plinth_tasks.tasks t
        SET status = 'pending', scheduled_at = c.now, turn_at = plinth_tasks.turn_at(c.now, t.priority),
            deadline = CASE WHEN t.deadline > c.now THEN t.deadline END,
            attempts_allowed = t.attempt + d.max_attempts,
            is_limited = num_nonnulls(d.max_running, d.max_running_per_key) > 0,
            unhandled_at = NULL, cancel_requested_at = NULL, progress = NULL, progress_message = NULL,
            finished_at = NULL, error_type = NULL, error_message = NULL
        FROM plinth_tasks.task_definitions d, (SELECT ?::timestamptz AS now) AS c
        WHERE t.organization_id = ? AND t.id IN (SELECT unnest(?)) AND t.status IN ('dead', 'cancelled')
          AND t.unmet_dependencies = 0 AND d.organization_id = ? AND d.id = t.definition_id
        RETURNING t.id, t.queue),
      told AS (
        SELECT pg_notify('plinth_tasks', ? || q.queue)
        FROM (SELECT DISTINCT r.queue FROM replayed r) q)
      SELECT r.id FROM replayed r WHERE (SELECT count(*) FROM told) IS NOT NULL
      """;

  /** What it is then; empty if it had ended. */
  Optional<TaskStatus> cancel(TenantTx tx, UUID id) {
    UUID organization = tx.organizationId();
    Optional<? extends Record> row =
        tx.dsl().fetchOptional(CANCEL, tx.now().toString(), organization, id);
    Optional<TaskStatus> status = row.map(r -> r.get("status", TASKS.STATUS.getConverter()));
    if (status.filter(TaskStatus.RUNNING::equals).isPresent()) {
      tx.dsl().fetch(TELL_WORKER, organization + ":cancel:" + id);
    } else if (row.isPresent() && row.get().get("is_awaited", Boolean.class)) {
      tx.dsl().fetch(SETTLE, organization + ":", organization, id);
    }
    return status;
  }

  /** Those of the ids that were dead or cancelled; they wait again. */
  List<UUID> replay(TenantTx tx, Collection<UUID> ids) {
    UUID organization = tx.organizationId();
    return tx.dsl()
        .fetch(
            REPLAY,
            tx.now().toString(),
            organization,
            ids.toArray(UUID[]::new),
            organization,
            organization + ":")
        .getValues(0, UUID.class);
  }
}
