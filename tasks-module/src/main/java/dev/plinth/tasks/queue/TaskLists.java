package dev.plinth.tasks.queue;

import static dev.plinth.tasks.jooq.Tables.TASKS;
import static dev.plinth.tasks.jooq.Tables.TASK_DEFINITIONS;
import static dev.plinth.tasks.queue.TaskQueries.own;
import static dev.plinth.tasks.queue.TaskQueries.select;

import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The SQL of lists of tasks. */
final class TaskLists {

  private static final String NEWEST_FIRST = "tasks-newest-first";

  Page<Task> page(TenantTx tx, TaskFilter filter, PageRequest request) {
    Keyset keyset = Keyset.of(NEWEST_FIRST, filter, tx.organizationId());
    List<Task> rows =
        select(tx)
            .where(own(tx), matching(filter), before(keyset, request))
            .orderBy(TASKS.ID.desc())
            .limit(request.limit() + 1)
            .fetch(row -> TaskRows.task(row, row.get(TASK_DEFINITIONS.NAME)));
    return keyset.page(rows, request, row -> List.of(row.id().toString()));
  }

  /** The oldest of them, locked, without those that somebody else has locked. */
  List<UUID> lock(TenantTx tx, TaskFilter filter, int limit) {
    return lock(tx, matching(filter), limit);
  }

  /** The oldest of those among them that something holds for, locked likewise. */
  List<UUID> lock(TenantTx tx, TaskFilter filter, Condition also, int limit) {
    return lock(tx, matching(filter).and(also), limit);
  }

  private static List<UUID> lock(TenantTx tx, Condition which, int limit) {
    return tx.dsl()
        .select(TASKS.ID)
        .from(TASKS)
        .join(TASK_DEFINITIONS)
        .on(TASK_DEFINITIONS.ORGANIZATION_ID.eq(tx.organizationId()))
        .and(TASK_DEFINITIONS.ID.eq(TASKS.DEFINITION_ID))
        .where(own(tx), which)
        .orderBy(TASKS.ID)
        .limit(limit)
        .forUpdate()
        .of(TASKS)
        .skipLocked()
        .fetch(TASKS.ID);
  }

  private static Condition before(Keyset keyset, PageRequest request) {
    List<String> position = keyset.position(request, 1);
    if (position.isEmpty()) {
      return DSL.noCondition();
    }
    try {
      return TASKS.ID.lt(UUID.fromString(position.get(0)));
    } catch (IllegalArgumentException e) {
      throw new InvalidCursorException(NEWEST_FIRST, e);
    }
  }

  private static Condition matching(TaskFilter filter) {
    // Inlined, as the indexes have it.
    Condition status =
        filter.status() == null
            ? DSL.noCondition()
            : TASKS.STATUS.eq(DSL.inline(filter.status(), TASKS.STATUS));
    return DSL.and(
        status,
        equal(TASK_DEFINITIONS.NAME, filter.definition()),
        equal(TASKS.QUEUE, filter.queue()),
        equal(TASKS.SUBJECT_ID, filter.subject()),
        equal(TASKS.PROJECT_ID, filter.project()),
        equal(TASKS.RUN_ID, filter.run()));
  }

  private static <T> Condition equal(Field<T> column, @Nullable T value) {
    return value == null ? DSL.noCondition() : column.eq(value);
  }
}
