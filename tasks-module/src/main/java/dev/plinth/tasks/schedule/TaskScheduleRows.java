package dev.plinth.tasks.schedule;

import static dev.plinth.tasks.jooq.Tables.TASK_SCHEDULES;

import dev.plinth.tasks.jooq.tables.records.TaskSchedulesRecord;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** How rows become schedules, and recurrences become columns. */
final class TaskScheduleRows {

  private TaskScheduleRows() {}

  static Map<Field<?>, @Nullable Object> recurrence(Recurrence recurrence) {
    Map<Field<?>, @Nullable Object> columns = new LinkedHashMap<>();
    columns.put(TASK_SCHEDULES.CRON, recurrence.cron().toString());
    columns.put(TASK_SCHEDULES.TIME_ZONE, recurrence.zone().getId());
    columns.put(TASK_SCHEDULES.STARTS_AT, recurrence.startsAtOrNull());
    columns.put(TASK_SCHEDULES.ENDS_AT, recurrence.endsAtOrNull());
    return columns;
  }

  static TaskSchedule schedule(TaskSchedulesRecord row) {
    return new TaskSchedule(
        row.getOrganizationId(),
        row.getId(),
        row.getName(),
        row.getDefinition(),
        row.getCron(),
        row.getTimeZone(),
        row.getStartsAt(),
        row.getEndsAt(),
        row.getInput(),
        row.getInstantMember(),
        row.getMissedRunPolicy(),
        row.getCountedFrom(),
        row.getNextRunAt(),
        lastRun(row),
        failure(row),
        row.getPausedAt(),
        row.getPausedBy(),
        row.getMetadata(),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getVersion());
  }

  private static TaskSchedule.@Nullable Run lastRun(TaskSchedulesRecord row) {
    Instant instant = row.getLastRunAt();
    UUID task = row.getLastTaskId();
    return instant == null || task == null ? null : new TaskSchedule.Run(instant, task);
  }

  private static TaskSchedule.@Nullable Failure failure(TaskSchedulesRecord row) {
    Instant at = row.getFailedAt();
    return at == null
        ? null
        : new TaskSchedule.Failure(at, row.getErrorType(), row.getErrorMessage());
  }
}
