package dev.plinth.tasks.worker;

import static dev.plinth.base.jooq.Tables.ORGANIZATIONS;
import static dev.plinth.tasks.jooq.Tables.TASKS;
import static dev.plinth.tasks.jooq.Tables.TASK_DEFINITIONS;

import dev.plinth.base.organization.OrganizationStatus;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.definition.RetryPolicy;
import dev.plinth.tasks.queue.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The SQL of {@link Upkeep}: what is found across organizations, and changed in each. */
final class UpkeepQueries {

  private static final Condition NOT_YET =
      TASKS.STATUS.in(DSL.inline(TaskStatus.SCHEDULED), DSL.inline(TaskStatus.FAILED));
  private static final Condition RUNNING = TASKS.STATUS.eq(DSL.inline(TaskStatus.RUNNING));

  /** What waits elsewhere, until its organization is active again, is in nobody's way. */
  private static final Condition OF_ACTIVE =
      ORGANIZATIONS
          .ID
          .eq(TASKS.ORGANIZATION_ID)
          .and(ORGANIZATIONS.STATUS.eq(OrganizationStatus.ACTIVE));

  private static final Condition ASIDE =
      TASKS.STATUS.eq(DSL.inline(TaskStatus.PENDING)).and(TASKS.UNHANDLED_AT.isNotNull());
  private static final Field<UUID> ASIDE_ORGANIZATION =
      DSL.field("a.organization_id", SQLDataType.UUID);
  private static final Field<UUID> ASIDE_DEFINITION =
      DSL.field("a.definition_id", SQLDataType.UUID);

  /**
   * What is due, by organization.
   *
   * @param next how long until the next is
   */
  record Due(Map<UUID, List<UUID>> tasks, Optional<Duration> next) {}

  /**
   * A task whose lease ran out, as if it had been claimed by who had it.
   *
   * @param cancelled whether it had been told to stop
   */
  record Lost(Claim claim, Instant startedAt, boolean cancelled) {}

  Due due(SystemTx tx, int limit) {
    Map<UUID, List<UUID>> tasks =
        tx.dsl()
            .select(TASKS.ORGANIZATION_ID, TASKS.ID)
            .from(TASKS)
            .join(ORGANIZATIONS)
            .on(OF_ACTIVE)
            .where(NOT_YET, TASKS.SCHEDULED_AT.le(tx.now()))
            .orderBy(TASKS.SCHEDULED_AT)
            .limit(limit)
            .fetchGroups(TASKS.ORGANIZATION_ID, TASKS.ID);
    Optional<Duration> next =
        tx.dsl()
            .select(TASKS.SCHEDULED_AT)
            .from(TASKS)
            .where(NOT_YET, TASKS.SCHEDULED_AT.gt(tx.now()))
            .orderBy(TASKS.SCHEDULED_AT)
            .limit(1)
            .fetchOptional(row -> Duration.between(tx.now(), row.value1()));
    return new Due(tasks, next);
  }

  /** The queues of those that wait for a worker now. */
  Set<String> promote(TenantTx tx, List<UUID> ids) {
    return new HashSet<>(
        tx.dsl()
            .update(TASKS)
            .set(TASKS.STATUS, TaskStatus.PENDING)
            .where(
                TASKS.ORGANIZATION_ID.eq(tx.organizationId()),
                unlocked(tx, ids, NOT_YET.and(TASKS.SCHEDULED_AT.le(tx.now()))))
            .returning(TASKS.QUEUE)
            .fetch(TASKS.QUEUE));
  }

  /** Tasks whose leases ran out, by organization. */
  Map<UUID, List<UUID>> lost(SystemTx tx, int limit) {
    return tx.dsl()
        .select(TASKS.ORGANIZATION_ID, TASKS.ID)
        .from(TASKS)
        .join(ORGANIZATIONS)
        .on(OF_ACTIVE)
        .where(RUNNING, TASKS.LEASE_UNTIL.lt(tx.now()))
        // By the index, also where many ran when statistics were last made.
        .orderBy(TASKS.ORGANIZATION_ID)
        .limit(limit)
        .fetchGroups(TASKS.ORGANIZATION_ID, TASKS.ID);
  }

  /** Those whose leases ran out and which nobody else is giving back, in the order of their ids. */
  List<Lost> lockLost(TenantTx tx, List<UUID> ids) {
    return tx.dsl()
        .select(TASKS.asterisk(), TASK_DEFINITIONS.NAME, TASK_DEFINITIONS.HANDLER)
        .from(TASKS)
        .join(TASK_DEFINITIONS)
        .on(
            TASK_DEFINITIONS.ORGANIZATION_ID.eq(TASKS.ORGANIZATION_ID),
            TASK_DEFINITIONS.ID.eq(TASKS.DEFINITION_ID))
        .where(
            TASKS.ORGANIZATION_ID.eq(tx.organizationId()),
            TASKS.ID.eq(DSL.any(ids.toArray(UUID[]::new))),
            RUNNING,
            TASKS.LEASE_UNTIL.lt(tx.now()))
        .orderBy(TASKS.ID)
        .forNoKeyUpdate()
        .of(TASKS)
        .skipLocked()
        .fetch(row -> lost(tx, row));
  }

  private static Lost lost(TenantTx tx, Record row) {
    Claim.Kind kind =
        new Claim.Kind(
            row.get(TASKS.DEFINITION_ID),
            row.get(TASK_DEFINITIONS.NAME),
            row.get(TASK_DEFINITIONS.HANDLER));
    Claim claim =
        new Claim(
            tx.organizationId(),
            row.get(TASKS.ID),
            row.get(TASKS.LEASE_TOKEN),
            row.get(TASKS.LEASE_WORKER),
            kind,
            row.get(TASKS.QUEUE),
            row.get(TASKS.ATTEMPT),
            new RetryRules(row.get(TASKS.ATTEMPTS_ALLOWED), Duration.ZERO, RetryPolicy.never()),
            "{}",
            null,
            row.get(TASKS.SCHEDULED_AT),
            row.get(TASKS.DEADLINE),
            row.get(TASKS.RUN_ID),
            row.get(TASKS.NODE),
            row.get(TASKS.IS_LIMITED),
            tx.now(),
            System.nanoTime());
    return new Lost(claim, row.get(TASKS.STARTED_AT), row.get(TASKS.CANCEL_REQUESTED_AT) != null);
  }

  /** Definitions that tasks were put aside of, and whose handlers are known now. */
  Map<UUID, List<UUID>> unhandled(SystemTx tx, Collection<String> handlers) {
    return tx.dsl()
        .select(TASK_DEFINITIONS.ORGANIZATION_ID, TASK_DEFINITIONS.ID)
        .from("plinth_tasks.definitions_put_aside() AS a (organization_id, definition_id)")
        .join(TASK_DEFINITIONS)
        .on(
            TASK_DEFINITIONS.ORGANIZATION_ID.eq(ASIDE_ORGANIZATION),
            TASK_DEFINITIONS.ID.eq(ASIDE_DEFINITION))
        .where(TASK_DEFINITIONS.HANDLER.eq(DSL.any(handlers.toArray(String[]::new))))
        .fetchGroups(TASK_DEFINITIONS.ORGANIZATION_ID, TASK_DEFINITIONS.ID);
  }

  /** The queue of each that waits for a worker again. */
  List<String> takeUp(TenantTx tx, List<UUID> definitions, int limit) {
    Field<UUID[]> some =
        DSL.array(
            DSL.select(TASKS.ID)
                .from(TASKS)
                .where(
                    TASKS.ORGANIZATION_ID.eq(tx.organizationId()),
                    TASKS.DEFINITION_ID.eq(DSL.any(definitions.toArray(UUID[]::new))),
                    ASIDE)
                .orderBy(TASKS.DEFINITION_ID, TASKS.ID)
                .limit(limit)
                .forNoKeyUpdate()
                .skipLocked());
    return tx.dsl()
        .update(TASKS)
        .setNull(TASKS.UNHANDLED_AT)
        .where(TASKS.ORGANIZATION_ID.eq(tx.organizationId()), TASKS.ID.eq(DSL.any(some)))
        .returning(TASKS.QUEUE)
        .fetch(TASKS.QUEUE);
  }

  private static Condition unlocked(TenantTx tx, List<UUID> ids, Condition condition) {
    return TASKS.ID.eq(
        DSL.any(
            DSL.array(
                DSL.select(TASKS.ID)
                    .from(TASKS)
                    .where(
                        TASKS.ORGANIZATION_ID.eq(tx.organizationId()),
                        TASKS.ID.eq(DSL.any(ids.toArray(UUID[]::new))),
                        condition)
                    .orderBy(TASKS.ID)
                    .forNoKeyUpdate()
                    .skipLocked())));
  }
}
