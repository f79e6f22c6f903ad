package dev.plinth.tasks.definition;

import static dev.plinth.tasks.jooq.Tables.TASKS;
import static dev.plinth.tasks.jooq.Tables.TASK_DEFINITIONS;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.definition.NewTaskDefinition.Data;
import dev.plinth.tasks.definition.NewTaskDefinition.Work;
import dev.plinth.tasks.jooq.tables.records.TaskDefinitionsRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The SQL of task definitions. */
final class TaskDefinitionQueries {

  /** Writes what differs; where nothing does, nothing, and no new version. */
  void put(TenantTx tx, NewTaskDefinition definition) {
    Map<Field<?>, @Nullable Object> values = values(definition);
    tx.dsl()
        .insertInto(TASK_DEFINITIONS)
        .set(TASK_DEFINITIONS.ORGANIZATION_ID, tx.organizationId())
        .set(TASK_DEFINITIONS.NAME, definition.name())
        .set(values)
        .onConflict(TASK_DEFINITIONS.ORGANIZATION_ID, TASK_DEFINITIONS.NAME)
        .where(TASK_DEFINITIONS.DELETED_AT.isNull())
        .doUpdate()
        .set(excluded(values))
        .where(DSL.row(values.keySet()).isDistinctFrom(DSL.row(excluded(values).values())))
        .execute();
  }

  Optional<TaskDefinition> find(TenantTx tx, UUID id) {
    return tx.dsl()
        .selectFrom(TASK_DEFINITIONS)
        .where(own(tx), TASK_DEFINITIONS.ID.eq(id))
        .fetchOptional(TaskDefinitionQueries::definition);
  }

  Optional<TaskDefinition> findByName(TenantTx tx, String name) {
    return tx.dsl()
        .selectFrom(TASK_DEFINITIONS)
        .where(own(tx), TASK_DEFINITIONS.NAME.eq(name), TASK_DEFINITIONS.DELETED_AT.isNull())
        .fetchOptional(TaskDefinitionQueries::definition);
  }

  Page<TaskDefinition> page(TenantTx tx, PageRequest request) {
    Keyset keyset = Keyset.of("task-definitions-by-name", tx.organizationId());
    List<TaskDefinition> rows =
        tx.dsl()
            .selectFrom(TASK_DEFINITIONS)
            .where(
                own(tx),
                TASK_DEFINITIONS.DELETED_AT.isNull(),
                keyset.after(request, TASK_DEFINITIONS.NAME, Function.identity()))
            .orderBy(TASK_DEFINITIONS.NAME)
            .limit(request.limit() + 1)
            .fetch(TaskDefinitionQueries::definition);
    return keyset.page(rows, request, row -> List.of(row.name()));
  }

  /** Whether there was one of that name. */
  boolean delete(TenantTx tx, String name) {
    return tx.dsl()
            .update(TASK_DEFINITIONS)
            .set(TASK_DEFINITIONS.DELETED_AT, tx.now())
            .where(own(tx), TASK_DEFINITIONS.NAME.eq(name), TASK_DEFINITIONS.DELETED_AT.isNull())
            .execute()
        == 1;
  }

  /** Tells the tasks that are not finished whether there is a limit. */
  void limitTasks(TenantTx tx, TaskDefinition definition) {
    boolean limited = definition.limits().any();
    tx.dsl()
        .update(TASKS)
        .set(TASKS.IS_LIMITED, limited)
        .where(
            TASKS.ORGANIZATION_ID.eq(tx.organizationId()),
            TASKS.DEFINITION_ID.eq(definition.id()),
            TASKS.FINISHED_AT.isNull(),
            TASKS.IS_LIMITED.ne(limited))
        .execute();
  }

  private static Map<Field<?>, @Nullable Object> values(NewTaskDefinition definition) {
    Map<Field<?>, @Nullable Object> values = new LinkedHashMap<>();
    Work work = definition.work();
    values.put(TASK_DEFINITIONS.HANDLER, work.handler());
    values.put(TASK_DEFINITIONS.QUEUE, work.queue());
    values.put(TASK_DEFINITIONS.PRIORITY, work.priority());
    values.put(TASK_DEFINITIONS.TIMEOUT_MS, work.timeout().toMillis());
    values.put(TASK_DEFINITIONS.MAX_ATTEMPTS, work.retry().attempts());
    values.put(TASK_DEFINITIONS.BACKOFF_BASE_MS, work.retry().base().toMillis());
    values.put(TASK_DEFINITIONS.BACKOFF_FACTOR, work.retry().factor());
    values.put(TASK_DEFINITIONS.BACKOFF_MAX_MS, work.retry().max().toMillis());
    values.put(TASK_DEFINITIONS.BACKOFF_JITTER, work.retry().jitter());
    values.put(TASK_DEFINITIONS.MAX_RUNNING, work.limits().runningOrNull());
    values.put(TASK_DEFINITIONS.MAX_RUNNING_PER_KEY, work.limits().runningPerKeyOrNull());
    Data data = definition.data();
    values.put(TASK_DEFINITIONS.INPUT_SCHEMA, data.inputSchema());
    values.put(TASK_DEFINITIONS.DEFAULT_INPUT, data.defaultInput());
    values.put(TASK_DEFINITIONS.RESOURCE_REQUIREMENTS, data.resourceRequirements());
    values.put(TASK_DEFINITIONS.METADATA, data.metadata());
    return values;
  }

  private static Map<Field<?>, Field<?>> excluded(Map<Field<?>, @Nullable Object> values) {
    Map<Field<?>, Field<?>> excluded = new LinkedHashMap<>();
    values.keySet().forEach(column -> excluded.put(column, DSL.excluded(column)));
    return excluded;
  }

  private static Condition own(TenantTx tx) {
    return TASK_DEFINITIONS.ORGANIZATION_ID.eq(tx.organizationId());
  }

  private static TaskDefinition definition(TaskDefinitionsRecord row) {
    return new TaskDefinition(
        row.getOrganizationId(),
        row.getId(),
        row.getName(),
        row.getHandler(),
        row.getQueue(),
        row.getPriority(),
        row.getInputSchema(),
        row.getDefaultInput(),
        Duration.ofMillis(row.getTimeoutMs()),
        retry(row),
        new Limits(row.getMaxRunning(), row.getMaxRunningPerKey()),
        row.getResourceRequirements(),
        row.getMetadata(),
        row.getDeletedAt(),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getVersion());
  }

  private static RetryPolicy retry(TaskDefinitionsRecord row) {
    return new RetryPolicy(
        row.getMaxAttempts(),
        Duration.ofMillis(row.getBackoffBaseMs()),
        row.getBackoffFactor(),
        Duration.ofMillis(row.getBackoffMaxMs()),
        row.getBackoffJitter());
  }
}
