package dev.plinth.tasks.queue;

import dev.plinth.base.job.Job;
import dev.plinth.base.job.JobRun;
import dev.plinth.base.tenancy.SystemTx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The job that deletes tasks that ended long ago, in batches: one pass over the ids that are old
 * enough, organization by organization. What a task that has not ended depends on stays, and so do
 * tasks of runs: they go with their run.
 */
public final class TaskRetention {

  /** How long a task is kept that succeeded or was cancelled. */
  public static final Duration FINISHED = Duration.ofDays(30);

  /** How long a dead task is kept: somebody may want to replay it. */
  public static final Duration DEAD = Duration.ofDays(90);

  private static final Duration EVERY = Duration.ofHours(1);

  /** How many are looked at in a transaction. */
  private static final int BATCH = 5000;

  private static final UUID FIRST = new UUID(0, 0);

  /** By the primary key: an id tells when its task was enqueued, which was before it ended. */
  private static final String DELETE =
      """
      WITH seen AS MATERIALIZED (
        SELECT t.id FROM plinth_tasks.tasks t
        WHERE t.organization_id = ? AND t.id > ? AND t.id < plinth_base.first_id_at(?::timestamptz)
        ORDER BY t.id LIMIT ?),
      gone AS (
        DELETE FROM plinth_tasks.tasks t USING seen s
        WHERE t.organization_id = ? AND t.id = s.id
          AND NOT EXISTS (
            SELECT FROM plinth_tasks.task_dependencies e
            JOIN plinth_tasks.tasks w ON w.organization_id = e.organization_id AND w.id = e.successor_id
            WHERE e.organization_id = t.organization_id AND e.predecessor_id = t.id AND w.finished_at IS NULL)
          AND NOT EXISTS (
            SELECT FROM plinth_tasks.workflow_runs r WHERE r.organization_id = t.organization_id AND r.id = t.run_id)
          AND (t.status IN ('succeeded', 'cancelled') AND t.finished_at < ?::timestamptz
               OR t.status = 'dead' AND t.finished_at < ?::timestamptz)
        RETURNING t.id)
      SELECT s.id, (SELECT count(*) FROM gone) FROM seen s ORDER BY s.id DESC LIMIT 1
      """;

  /** What the module has done in the background. */
  public Job job() {
    return Job.of("tasks.task-retention", EVERY, this::run);
  }

  private void run(JobRun run) {
    List<UUID> organizations =
        run.asSystem()
            .call(tx -> tx.dsl().fetch("SELECT id FROM plinth_base.organizations ORDER BY id"))
            .getValues(0, UUID.class);
    for (UUID organization : organizations) {
      Optional<UUID> last = Optional.of(FIRST);
      while (last.isPresent() && !run.stopping()) {
        UUID after = last.get();
        last = run.asSystem().call(tx -> delete(tx, organization, after, run.startedAt()));
      }
    }
  }

  /** Up to which task it looked; empty if there is none. */
  private static Optional<UUID> delete(
      SystemTx tx, UUID organization, UUID after, Instant startedAt) {
    String finishedBefore = startedAt.minus(FINISHED).toString();
    String deadBefore = startedAt.minus(DEAD).toString();
    return tx.dsl()
        .fetchOptional(
            DELETE,
            organization,
            after,
            finishedBefore,
            BATCH,
            organization,
            finishedBefore,
            deadBefore)
        .map(row -> row.get(0, UUID.class));
  }
}
