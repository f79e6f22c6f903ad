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

/** The SQL of what is kept of attempts, each list in the order in which it was written. */
final class TaskHistory {

  Page<TaskAttempt> attempts(TenantTx tx, UUID task, PageRequest request) {
    Keyset keyset = Keyset.of("task-attempts-by-id", task, tx.organizationId());
    List<TaskAttempt> rows =
        tx.dsl()
            .selectFrom(TASK_ATTEMPTS)
            .where(
                TASK_ATTEMPTS.ORGANIZATION_ID.eq(tx.organizationId()),
                TASK_ATTEMPTS.TASK_ID.eq(task),
                keyset.after(request, TASK_ATTEMPTS.ID, UUID::fromString))
            .orderBy(TASK_ATTEMPTS.ID)
            .limit(request.limit() + 1)
            .fetch(TaskHistory::attempt);
    return keyset.page(rows, request, row -> List.of(row.id().toString()));
  }

  Page<TaskLogLine> logs(TenantTx tx, UUID task, PageRequest request) {
    Keyset keyset = Keyset.of("task-logs-by-id", task, tx.organizationId());
    List<TaskLogLine> rows =
        tx.dsl()
            .selectFrom(TASK_EXECUTION_LOGS)
            .where(
                TASK_EXECUTION_LOGS.ORGANIZATION_ID.eq(tx.organizationId()),
                TASK_EXECUTION_LOGS.TASK_ID.eq(task),
                keyset.after(request, TASK_EXECUTION_LOGS.ID, UUID::fromString))
            .orderBy(TASK_EXECUTION_LOGS.ID)
            .limit(request.limit() + 1)
            .fetch(TaskHistory::line);
    return keyset.page(rows, request, row -> List.of(row.id().toString()));
  }

  Page<TaskUsage> usage(TenantTx tx, UUID task, PageRequest request) {
    Keyset keyset = Keyset.of("task-usage-by-id", task, tx.organizationId());
    List<TaskUsage> rows =
        tx.dsl()
            .selectFrom(TASK_RESOURCE_USAGE)
            .where(
                TASK_RESOURCE_USAGE.ORGANIZATION_ID.eq(tx.organizationId()),
                TASK_RESOURCE_USAGE.TASK_ID.eq(task),
                keyset.after(request, TASK_RESOURCE_USAGE.ID, UUID::fromString))
            .orderBy(TASK_RESOURCE_USAGE.ID)
            .limit(request.limit() + 1)
            .fetch(TaskHistory::usage);
    return keyset.page(rows, request, row -> List.of(row.id().toString()));
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
