package dev.plinth.tasks.schedule;

import static dev.plinth.base.jooq.Tables.ORGANIZATIONS;
import static dev.plinth.tasks.jooq.Tables.TASK_SCHEDULES;

import dev.plinth.base.organization.OrganizationStatus;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/** The SQL of {@link DueSchedules}: what is found across organizations, and changed in each. */
final class DueScheduleQueries {

  /** Of the column. */
  static final int MESSAGE_LENGTH = 2000;

  /** A schedule that is due. */
  record Found(UUID organization, UUID id) {}

  /**
   * What is due, the one that waits for longest first.
   *
   * @param next how long until the next is; empty if none is to come
   */
  record Soon(List<Found> due, Optional<Duration> next) {}

  Soon soon(SystemTx tx, int limit) {
    List<Found> due = due(tx, limit).fetch(row -> new Found(row.value1(), row.value2()));
    Optional<Duration> next =
        tx.dsl()
            .select(TASK_SCHEDULES.NEXT_RUN_AT)
            .from(TASK_SCHEDULES)
            .where(TASK_SCHEDULES.NEXT_RUN_AT.gt(tx.now()))
            .orderBy(TASK_SCHEDULES.NEXT_RUN_AT)
            .limit(1)
            .fetchOptional(row -> Duration.between(tx.now(), row.value1()));
    return new Soon(due, next);
  }

  /** What is of organizations that are not active waits, and is in nobody's way. */
  ResultQuery<Record2<UUID, UUID>> due(SystemTx tx, int limit) {
    return tx.dsl()
        .select(TASK_SCHEDULES.ORGANIZATION_ID, TASK_SCHEDULES.ID)
        .from(TASK_SCHEDULES)
        .join(ORGANIZATIONS)
        .on(ORGANIZATIONS.ID.eq(TASK_SCHEDULES.ORGANIZATION_ID))
        .and(ORGANIZATIONS.STATUS.eq(OrganizationStatus.ACTIVE))
        .where(TASK_SCHEDULES.NEXT_RUN_AT.le(tx.now()))
        .orderBy(TASK_SCHEDULES.NEXT_RUN_AT)
        .limit(limit);
  }

  /** The schedule, if it is due and nobody else has it locked. */
  Optional<TaskSchedule> lockDue(TenantTx tx, UUID id) {
    return tx.dsl()
        .selectFrom(TASK_SCHEDULES)
        .where(
            TASK_SCHEDULES.ORGANIZATION_ID.eq(tx.organizationId()),
            TASK_SCHEDULES.ID.eq(id),
            TASK_SCHEDULES.NEXT_RUN_AT.le(tx.now()))
        .forUpdate()
        .skipLocked()
        .fetchOptional(TaskScheduleRows::schedule);
  }

  /** Settles what was due; where there was a task, a failure before it is over. */
  void moveOn(TenantTx tx, UUID id, Due due, Optional<UUID> lastTask) {
    Map<Field<?>, @Nullable Object> changes = position(due);
    if (lastTask.isPresent()) {
      changes.put(TASK_SCHEDULES.LAST_RUN_AT, due.instants().get(due.instants().size() - 1));
      changes.put(TASK_SCHEDULES.LAST_TASK_ID, lastTask.get());
      changes.put(TASK_SCHEDULES.FAILED_AT, null);
      changes.put(TASK_SCHEDULES.ERROR_TYPE, null);
      changes.put(TASK_SCHEDULES.ERROR_MESSAGE, null);
    }
    update(tx, id, changes);
  }

  void fail(TenantTx tx, UUID id, Due due, TaskSchedule.Failure failure) {
    Map<Field<?>, @Nullable Object> changes = position(due);
    changes.put(TASK_SCHEDULES.FAILED_AT, failure.at());
    changes.put(TASK_SCHEDULES.ERROR_TYPE, failure.type());
    changes.put(TASK_SCHEDULES.ERROR_MESSAGE, failure.message());
    update(tx, id, changes);
  }

  private static Map<Field<?>, @Nullable Object> position(Due due) {
    Map<Field<?>, @Nullable Object> changes = new LinkedHashMap<>();
    changes.put(TASK_SCHEDULES.COUNTED_FROM, due.countedFrom());
    changes.put(TASK_SCHEDULES.NEXT_RUN_AT, due.nextOrNull());
    return changes;
  }

  private static void update(TenantTx tx, UUID id, Map<Field<?>, @Nullable Object> changes) {
    tx.dsl()
        .update(TASK_SCHEDULES)
        .set(changes)
        .where(TASK_SCHEDULES.ORGANIZATION_ID.eq(tx.organizationId()), TASK_SCHEDULES.ID.eq(id))
        .execute();
  }
}
