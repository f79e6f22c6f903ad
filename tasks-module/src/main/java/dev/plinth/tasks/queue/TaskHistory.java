package dev.plinth.tasks.queue;

import static dev.plinth.tasks.jooq.Tables.TASK_ATTEMPTS;
import static dev.plinth.tasks.jooq.Tables.TASK_EXECUTION_LOGS;
import static dev.plinth.tasks.jooq.Tables.TASK_RESOURCE_USAGE;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.jooq.tables.records.TaskAttemptsRecord;
import dev.plinth.tasks.jooq.tables.records.TaskExecutionLogsRecord;
import dev.plinth.tasks.jooq.tables.records.TaskResourceUsageRecord;
import dev.plinth.tasks.queue.Task.Failure;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.RecordMapper;
import org.jooq.Table;

/** The SQL of what is kept of attempts, each list in the order in which it was written. */
final class TaskHistory {

  /**
   * A table of what is kept of attempts.
   *
   * @param list how its cursors are called
   */
  private record Kept<R extends Record>(
      String list, Table<R> table, Field<UUID> organization, Field<UUID> task, Field<UUID> id) {}

  private static final Kept<TaskAttemptsRecord> ATTEMPTS =
      new Kept<>(
          "task-attempts-by-id",
          TASK_ATTEMPTS,
          TASK_ATTEMPTS.ORGANIZATION_ID,
          TASK_ATTEMPTS.TASK_ID,
          TASK_ATTEMPTS.ID);
  private static final Kept<TaskExecutionLogsRecord> LOGS =
      new Kept<>(
          "task-logs-by-id",
          TASK_EXECUTION_LOGS,
          TASK_EXECUTION_LOGS.ORGANIZATION_ID,
          TASK_EXECUTION_LOGS.TASK_ID,
          TASK_EXECUTION_LOGS.ID);
  private static final Kept<TaskResourceUsageRecord> USAGE =
      new Kept<>(
          "task-usage-by-id",
          TASK_RESOURCE_USAGE,
          TASK_RESOURCE_USAGE.ORGANIZATION_ID,
          TASK_RESOURCE_USAGE.TASK_ID,
          TASK_RESOURCE_USAGE.ID);

  Page<TaskAttempt> attempts(TenantTx tx, UUID task, PageRequest request) {
    return new Reading<>(ATTEMPTS, TaskHistory::attempt, TaskAttempt::id).page(tx, task, request);
  }

  Page<TaskLogLine> logs(TenantTx tx, UUID task, PageRequest request) {
    return new Reading<>(LOGS, TaskHistory::line, TaskLogLine::id).page(tx, task, request);
  }

  Page<TaskUsage> usage(TenantTx tx, UUID task, PageRequest request) {
    return new Reading<>(USAGE, TaskHistory::usage, TaskUsage::id).page(tx, task, request);
  }

  /** What is made of the rows of such a table. */
  private record Reading<R extends Record, T>(
      Kept<R> kept, RecordMapper<R, T> value, Function<T, UUID> id) {

    Page<T> page(TenantTx tx, UUID task, PageRequest request) {
      Keyset keyset = Keyset.of(kept.list(), task, tx.organizationId());
      List<T> rows =
          tx.dsl()
              .selectFrom(kept.table())
              .where(
                  kept.organization().eq(tx.organizationId()),
                  kept.task().eq(task),
                  keyset.after(request, kept.id(), UUID::fromString))
              .orderBy(kept.id())
              .limit(request.limit() + 1)
              .fetch(value);
      return keyset.page(rows, request, row -> List.of(id.apply(row).toString()));
    }
  }

  private static TaskAttempt attempt(TaskAttemptsRecord row) {
    String type = row.getErrorType();
    return new TaskAttempt(
        row.getOrganizationId(),
        row.getId(),
        row.getTaskId(),
        row.getAttempt(),
        row.getOutcome(),
        row.getWorker(),
        row.getReadyAt(),
        row.getStartedAt(),
        row.getFinishedAt(),
        type == null ? null : new Failure(type, row.getErrorMessage()),
        row.getErrorTrace());
  }

  private static TaskLogLine line(TaskExecutionLogsRecord row) {
    return new TaskLogLine(
        row.getOrganizationId(),
        row.getId(),
        row.getTaskId(),
        row.getAttempt(),
        row.getLine(),
        row.getLevel(),
        row.getMessage(),
        row.getLoggedAt());
  }

  private static TaskUsage usage(TaskResourceUsageRecord row) {
    return new TaskUsage(
        row.getOrganizationId(),
        row.getId(),
        row.getTaskId(),
        row.getAttempt(),
        row.getMeasuredAt(),
        Duration.ofMillis(row.getWallMs()),
        row.getCpuMs() == null ? null : Duration.ofMillis(row.getCpuMs()),
        row.getCpuUsagePercent(),
        row.getMemoryBytes(),
        row.getRowCount(),
        row.getTokenCount(),
        row.getCost());
  }
}
