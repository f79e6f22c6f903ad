package dev.plinth.tasks.queue;

import static dev.plinth.tasks.jooq.Tables.TASKS;
import static dev.plinth.tasks.jooq.Tables.TASK_DEFINITIONS;

import dev.plinth.base.tenancy.TenantTx;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.SelectOnConditionStep;
import org.jooq.impl.DSL;

/** The SQL of tasks that are there already, one by one. */
final class TaskQueries {

  Optional<Task> find(TenantTx tx, UUID id) {
    return select(tx)
        .where(own(tx), TASKS.ID.eq(id))
        .fetchOptional(row -> TaskRows.task(row, row.get(TASK_DEFINITIONS.NAME)));
  }

  /**
   * Those of the ids that there are. Not by {@code = any(?)}: jOOQ sends an array of texts with a
   * cast, and where that is a filter, it is done again for each row.
   */
  Set<UUID> stored(TenantTx tx, Collection<UUID> ids) {
    return tx.dsl()
        .select(TASKS.ID)
        .from(TASKS)
        .where(
            own(tx),
            TASKS.ID.in(
                DSL.select(DSL.field(DSL.name("i", "id"), UUID.class))
                    .from(DSL.unnest(ids.toArray(UUID[]::new)).as("i", "id"))))
        .fetchSet(TASKS.ID);
  }

  /** Of the idempotency keys those that are taken, and by which task. */
  Map<String, UUID> taken(TenantTx tx, Collection<String> keys) {
    return tx.dsl()
        .select(TASKS.IDEMPOTENCY_KEY, TASKS.ID)
        .from(TASKS)
        .where(
            own(tx),
            TASKS.IDEMPOTENCY_KEY.eq(DSL.any(keys.toArray(String[]::new))),
            TASKS.IDEMPOTENCY_UNTIL.isNull().or(TASKS.IDEMPOTENCY_UNTIL.gt(tx.now())))
        .fetchMap(TASKS.IDEMPOTENCY_KEY, TASKS.ID);
  }

  /** Takes the keys from the tasks whose window is over. */
  void release(TenantTx tx, Collection<String> keys) {
    tx.dsl()
        .update(TASKS)
        .setNull(TASKS.IDEMPOTENCY_KEY)
        .setNull(TASKS.IDEMPOTENCY_UNTIL)
        .where(
            own(tx),
            TASKS.IDEMPOTENCY_KEY.eq(DSL.any(keys.toArray(String[]::new))),
            TASKS.IDEMPOTENCY_UNTIL.le(tx.now()))
        .execute();
  }

  static SelectOnConditionStep<Record> select(TenantTx tx) {
    return tx.dsl()
        .select(TaskRows.columns())
        .select(TASK_DEFINITIONS.NAME)
        .from(TASKS)
        .join(TASK_DEFINITIONS)
        .on(TASK_DEFINITIONS.ORGANIZATION_ID.eq(tx.organizationId()))
        .and(TASK_DEFINITIONS.ID.eq(TASKS.DEFINITION_ID));
  }

  static Condition own(TenantTx tx) {
    return TASKS.ORGANIZATION_ID.eq(tx.organizationId());
  }
}
