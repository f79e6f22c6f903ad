package dev.plinth.tasks.workflow;

import dev.plinth.base.tenancy.SystemTx;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The SQL of {@link RunRetention}. */
final class RunRetentionQueries {

  /** How many runs are looked at in a transaction. */
  private static final int RUNS = 20;

  /** How many tasks are deleted in a transaction. */
  private static final int TASKS = 5000;

  /**
   * By the primary key: an id tells when its run began, which was before it was over. What somebody
   * has locked is about to be replayed. Of each run the tasks, of those the edges, whatever the
   * planner believes of the tables: it would join all tasks with all.
   */
  private static final String MARK =
      """
      WITH c AS (
        SELECT ?::timestamptz AS now, ?::timestamptz AS finished_before, ?::timestamptz AS failed_before),
      seen AS MATERIALIZED (
        SELECT r.id FROM plinth_tasks.workflow_runs r
        WHERE r.organization_id = ? AND r.id > ?
          AND r.id < (SELECT plinth_base.first_id_at(greatest(c.finished_before, c.failed_before)) FROM c)
        ORDER BY r.id LIMIT ?),
      old AS MATERIALIZED (
        SELECT r.id FROM plinth_tasks.workflow_runs r CROSS JOIN c
        WHERE r.organization_id = ? AND r.id = ANY (ARRAY(SELECT s.id FROM seen s)) AND r.deleted_at IS NULL
          AND r.finished_at < CASE WHEN r.status = 'failed' THEN c.failed_before ELSE c.finished_before END
          AND (
            SELECT t.id FROM plinth_tasks.tasks t
            WHERE t.organization_id = r.organization_id AND t.run_id = r.id
              AND (t.finished_at IS NULL
                   OR t.finished_at >= CASE WHEN r.status = 'failed' THEN c.failed_before ELSE c.finished_before END)
            LIMIT 1) IS NULL
          AND (
            SELECT w.id FROM plinth_tasks.tasks t
            CROSS JOIN LATERAL (
              SELECT d.organization_id, d.successor_id FROM plinth_tasks.task_dependencies d
              WHERE d.organization_id = t.organization_id AND d.predecessor_id = t.id OFFSET 0) e
            CROSS JOIN LATERAL (
              SELECT s.id FROM plinth_tasks.tasks s
              WHERE s.organization_id = e.organization_id AND s.id = e.successor_id AND s.finished_at IS NULL OFFSET 0) w
            WHERE t.organization_id = r.organization_id AND t.run_id = r.id
            LIMIT 1) IS NULL
        ORDER BY r.id FOR UPDATE OF r SKIP LOCKED),
      marked AS (
        UPDATE plinth_tasks.workflow_runs r SET deleted_at = c.now FROM c
        WHERE r.organization_id = ? AND r.id = ANY (ARRAY(SELECT o.id FROM old o)))
      SELECT s.id FROM seen s ORDER BY s.id
      """;

  private static final String DELETE_TASKS =
      """
      DELETE FROM plinth_tasks.tasks t
      WHERE t.organization_id = ? AND t.id = ANY (ARRAY(
        SELECT x.id FROM plinth_tasks.workflow_runs r
        CROSS JOIN LATERAL (
          SELECT y.id FROM plinth_tasks.tasks y
          WHERE y.organization_id = r.organization_id AND y.run_id = r.id AND y.finished_at IS NOT NULL
          FOR UPDATE SKIP LOCKED) x
        WHERE r.organization_id = ? AND r.id IN (SELECT unnest(?)) AND r.deleted_at IS NOT NULL
        LIMIT ?))
      """;

  private static final String DELETE_RUNS =
      """
      DELETE FROM plinth_tasks.workflow_runs r
      WHERE r.organization_id = ? AND r.id IN (SELECT unnest(?)) AND r.deleted_at IS NOT NULL
        AND (
          SELECT t.id FROM plinth_tasks.tasks t WHERE t.organization_id = r.organization_id AND t.run_id = r.id
          LIMIT 1) IS NULL
      """;

  /**
   * What is old.
   *
   * @param finishedBefore what succeeded, was cancelled or was undone, if before this
   * @param failedBefore what failed, if before this
   */
  record Old(Instant now, Instant finishedBefore, Instant failedBefore) {}

  List<UUID> organizations(SystemTx tx) {
    return tx.dsl()
        .fetch("SELECT id FROM plinth_base.organizations ORDER BY id")
        .getValues(0, UUID.class);
  }

  /** Which runs it looked at; of those, the old ones are to be deleted. */
  List<UUID> mark(SystemTx tx, UUID organization, UUID after, Old old) {
    return tx.dsl()
        .fetch(
            MARK,
            old.now().toString(),
            old.finishedBefore().toString(),
            old.failedBefore().toString(),
            organization,
            after,
            RUNS,
            organization,
            organization)
        .getValues(0, UUID.class);
  }

  /** Whether there may be more of those of the runs that are to be deleted. */
  boolean delete(SystemTx tx, UUID organization, List<UUID> runs) {
    UUID[] ids = runs.toArray(UUID[]::new);
    int tasks = tx.dsl().execute(DELETE_TASKS, organization, organization, ids, TASKS);
    tx.dsl().execute(DELETE_RUNS, organization, ids);
    return tasks == TASKS;
  }
}
