package dev.plinth.tasks.schedule;

import static dev.plinth.tasks.jooq.Tables.TASK_SCHEDULES;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** The SQL of schedules, as people see and change them. */
final class TaskScheduleQueries {

  /** The stored schedule; empty if the name is taken. */
  Optional<TaskSchedule> insert(TenantTx tx, NewTaskSchedule schedule) {
    Instant next = schedule.recurrence().next(tx.now()).orElse(null);
    return tx.dsl()
        .insertInto(TASK_SCHEDULES)
        .set(TASK_SCHEDULES.ORGANIZATION_ID, tx.organizationId())
        .set(TASK_SCHEDULES.NAME, schedule.name())
        .set(TASK_SCHEDULES.DEFINITION, schedule.definition())
        .set(TASK_SCHEDULES.INPUT, schedule.input())
        .set(TASK_SCHEDULES.INSTANT_MEMBER, schedule.instantMember())
        .set(TASK_SCHEDULES.MISSED_RUN_POLICY, schedule.missedRuns())
        .set(TASK_SCHEDULES.METADATA, schedule.metadata())
        .set(TaskScheduleRows.recurrence(schedule.recurrence()))
        .set(TASK_SCHEDULES.COUNTED_FROM, tx.now())
        .set(TASK_SCHEDULES.NEXT_RUN_AT, next)
        .onConflict(TASK_SCHEDULES.ORGANIZATION_ID, TASK_SCHEDULES.NAME)
        .where(TASK_SCHEDULES.DELETED_AT.isNull())
        .doNothing()
        .returning()
        .fetchOptional(TaskScheduleRows::schedule);
  }

  Optional<TaskSchedule> find(TenantTx tx, Condition which) {
    return tx.dsl()
        .selectFrom(TASK_SCHEDULES)
        .where(live(tx), which)
        .fetchOptional(TaskScheduleRows::schedule);
  }

  /** As it is when whoever has it locked is done: no run comes between. */
  Optional<TaskSchedule> lock(TenantTx tx, UUID id) {
    return tx.dsl()
        .selectFrom(TASK_SCHEDULES)
        .where(live(tx), TASK_SCHEDULES.ID.eq(id))
        .forUpdate()
        .fetchOptional(TaskScheduleRows::schedule);
  }

  Page<TaskSchedule> page(TenantTx tx, PageRequest request) {
    Keyset keyset = Keyset.of("task-schedules-by-name", tx.organizationId());
    List<TaskSchedule> rows =
        tx.dsl()
            .selectFrom(TASK_SCHEDULES)
            .where(live(tx), keyset.after(request, TASK_SCHEDULES.NAME, Function.identity()))
            .orderBy(TASK_SCHEDULES.NAME)
            .limit(request.limit() + 1)
            .fetch(TaskScheduleRows::schedule);
    return keyset.page(rows, request, row -> List.of(row.name()));
  }

  /** The changed schedule, which the caller has locked. */
  TaskSchedule update(TenantTx tx, UUID id, Map<Field<?>, @Nullable Object> changes) {
    return tx.dsl()
        .update(TASK_SCHEDULES)
        .set(changes)
        .where(live(tx), TASK_SCHEDULES.ID.eq(id))
        .returning()
        .fetchSingle(TaskScheduleRows::schedule);
  }

  void delete(TenantTx tx, UUID id) {
    tx.dsl()
        .update(TASK_SCHEDULES)
        .set(TASK_SCHEDULES.DELETED_AT, tx.now())
        .setNull(TASK_SCHEDULES.NEXT_RUN_AT)
        .where(live(tx), TASK_SCHEDULES.ID.eq(id))
        .execute();
  }

  private static Condition live(TenantTx tx) {
    return TASK_SCHEDULES
        .ORGANIZATION_ID
        .eq(tx.organizationId())
        .and(TASK_SCHEDULES.DELETED_AT.isNull());
  }
}
