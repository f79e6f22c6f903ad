package dev.plinth.tasks.workflow;

import static dev.plinth.tasks.jooq.Tables.TASKS;
import static dev.plinth.tasks.jooq.Tables.WORKFLOW_RUNS;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.jooq.tables.records.WorkflowRunsRecord;
import dev.plinth.tasks.queue.TaskStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The SQL of runs. */
final class RunQueries {

  private static final String NEWEST_FIRST = "workflow-runs-newest-first";
  private static final String TASKS_BY_ID = "workflow-run-tasks-by-id";

  private static final String CANCEL =
      "SELECT pg_notify('plinth_tasks', ? || ':' || c.queue) FROM plinth_tasks.cancel_run(?) c";
  private static final String REPLAY =
      "SELECT pg_notify('plinth_tasks', ? || ':' || r.queue) FROM plinth_tasks.replay_run(?, ?::uuid) r";

  /**
   * From what ended last, each time to that which ended last of what it waited for; through what
   * never began, which took no time.
   */
  private static final String CRITICAL_PATH =
      """
      WITH RECURSIVE path AS (
        (SELECT t.id, t.node, t.started_at, t.finished_at FROM plinth_tasks.tasks t
         WHERE t.organization_id = ? AND t.run_id = ? AND t.finished_at IS NOT NULL AND t.started_at IS NOT NULL
         ORDER BY t.finished_at DESC, t.id DESC LIMIT 1)
        UNION ALL
        SELECT b.id, b.node, b.started_at, b.finished_at FROM path p CROSS JOIN LATERAL (
          SELECT t.id, t.node, t.started_at, t.finished_at
          FROM plinth_tasks.task_dependencies d
          JOIN plinth_tasks.tasks t ON t.organization_id = d.organization_id AND t.id = d.predecessor_id
          WHERE d.organization_id = ? AND t.organization_id = ? AND d.successor_id = p.id AND t.run_id = ?
            AND t.finished_at IS NOT NULL
          ORDER BY t.finished_at DESC, t.id DESC LIMIT 1) b)
      SELECT id, coalesce(node, '') AS node, started_at, finished_at FROM path WHERE started_at IS NOT NULL
      """;

  /** What retention has begun to delete is gone for everybody. */
  private static final Condition THERE = WORKFLOW_RUNS.DELETED_AT.isNull();

  private static final Field<Boolean> IS_SKIPPED =
      DSL.coalesce(DSL.field(TASKS.ERROR_TYPE.eq(DSL.inline("Skipped"))), DSL.inline(false))
          .as("is_skipped");

  Optional<WorkflowRun> find(TenantTx tx, UUID id) {
    return tx.dsl()
        .selectFrom(WORKFLOW_RUNS)
        .where(THERE, WORKFLOW_RUNS.ORGANIZATION_ID.eq(tx.organizationId()))
        .and(WORKFLOW_RUNS.ID.eq(id))
        .fetchOptional(RunQueries::run);
  }

  Page<WorkflowRun> page(TenantTx tx, RunFilter filter, PageRequest request) {
    Keyset keyset = Keyset.of(NEWEST_FIRST, filter, tx.organizationId());
    List<WorkflowRun> rows =
        tx.dsl()
            .selectFrom(WORKFLOW_RUNS)
            .where(
                THERE,
                WORKFLOW_RUNS.ORGANIZATION_ID.eq(tx.organizationId()),
                equal(WORKFLOW_RUNS.WORKFLOW_ID, filter.workflow()),
                equal(WORKFLOW_RUNS.STATUS, filter.status()),
                before(keyset, request))
            .orderBy(WORKFLOW_RUNS.ID.desc())
            .limit(request.limit() + 1)
            .fetch(RunQueries::run);
    return keyset.page(rows, request, row -> List.of(row.id().toString()));
  }

  Page<RunTask> tasks(TenantTx tx, UUID run, PageRequest request) {
    Keyset keyset = Keyset.of(TASKS_BY_ID, run, tx.organizationId());
    List<RunTask> rows =
        tx.dsl()
            .select(TASKS.ID, TASKS.NODE, TASKS.STATUS, TASKS.UNMET_DEPENDENCIES)
            .select(TASKS.STARTED_AT, TASKS.FINISHED_AT, TASKS.ERROR_TYPE, IS_SKIPPED)
            .from(TASKS)
            .where(ofRun(tx, run), keyset.after(request, TASKS.ID, UUID::fromString))
            .orderBy(TASKS.ID)
            .limit(request.limit() + 1)
            .fetch(RunQueries::task);
    return keyset.page(rows, request, row -> List.of(row.id().toString()));
  }

  RunProgress progress(TenantTx tx, UUID run) {
    Map<TaskStatus, Integer> counts = new EnumMap<>(TaskStatus.class);
    int skipped = 0;
    for (Record row :
        tx.dsl()
            .select(TASKS.STATUS, IS_SKIPPED, DSL.count())
            .from(TASKS)
            .where(ofRun(tx, run))
            .groupBy(TASKS.STATUS, IS_SKIPPED)
            .fetch()) {
      int count = row.get(DSL.count());
      counts.merge(row.get(TASKS.STATUS), count, Integer::sum);
      skipped += row.get(IS_SKIPPED) ? count : 0;
    }
    return new RunProgress(counts, skipped);
  }

  /** Of each of the nodes that the run has its task; of several of that name the newest. */
  Map<String, UUID> nodes(TenantTx tx, UUID run, Collection<String> names) {
    return tx.dsl()
        .select(TASKS.NODE, DSL.field("max({0}::text)::uuid", UUID.class, TASKS.ID))
        .from(TASKS)
        .where(ofRun(tx, run), TASKS.NODE.eq(DSL.any(names.toArray(String[]::new))))
        .groupBy(TASKS.NODE)
        .fetchMap(row -> row.value1(), row -> row.value2());
  }

  List<CriticalStep> criticalPath(TenantTx tx, WorkflowRun run) {
    UUID organization = tx.organizationId();
    List<Record> path =
        new ArrayList<>(
            tx.dsl()
                .fetch(
                    CRITICAL_PATH, organization, run.id(), organization, organization, run.id()));
    Collections.reverse(path);
    List<CriticalStep> steps = new ArrayList<>();
    Instant readyAt = run.startedAt();
    for (Record row : path) {
      CriticalStep step = step(row, readyAt);
      steps.add(step);
      readyAt = step.finishedAt();
    }
    return steps;
  }

  private static CriticalStep step(Record row, Instant readyAt) {
    return new CriticalStep(
        row.get("id", UUID.class),
        row.get("node", String.class),
        readyAt,
        row.get("started_at", Instant.class),
        row.get("finished_at", Instant.class));
  }

  void cancel(TenantTx tx, UUID run) {
    tx.dsl().fetch(CANCEL, tx.organizationId().toString(), run);
  }

  /** The whole of it, or from one of its tasks on. */
  void replay(TenantTx tx, UUID run, @Nullable UUID task) {
    tx.dsl().fetch(REPLAY, tx.organizationId().toString(), run, task);
  }

  private static Condition ofRun(TenantTx tx, UUID run) {
    return TASKS.ORGANIZATION_ID.eq(tx.organizationId()).and(TASKS.RUN_ID.eq(run));
  }

  private static Condition before(Keyset keyset, PageRequest request) {
    List<String> position = keyset.position(request, 1);
    return position.isEmpty()
        ? DSL.noCondition()
        : WORKFLOW_RUNS.ID.lt(UUID.fromString(position.get(0)));
  }

  private static <T> Condition equal(Field<T> column, @Nullable T value) {
    return value == null ? DSL.noCondition() : column.eq(value);
  }

  private static RunTask task(Record row) {
    return new RunTask(
        row.get(TASKS.ID),
        row.get(TASKS.NODE),
        row.get(TASKS.STATUS),
        row.get(IS_SKIPPED),
        row.get(TASKS.UNMET_DEPENDENCIES),
        row.get(TASKS.STARTED_AT),
        row.get(TASKS.FINISHED_AT),
        row.get(TASKS.ERROR_TYPE));
  }

  private static WorkflowRun run(WorkflowRunsRecord row) {
    return new WorkflowRun(
        row.getOrganizationId(),
        row.getId(),
        row.getWorkflowId(),
        row.getWorkflowVersion(),
        row.getName(),
        row.getFailurePolicy(),
        row.getInput(),
        row.getStatus(),
        row.getStartedBy(),
        row.getStartedAt(),
        row.getFailedAt(),
        row.getCancelRequestedAt(),
        row.getFinishedAt());
  }
}
