package dev.plinth.tasks.workflow;

import static dev.plinth.tasks.jooq.Tables.TASKS;
import static dev.plinth.tasks.jooq.Tables.TASK_DEPENDENCIES;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.jooq.tables.records.TaskDependenciesRecord;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.TableField;
import org.jspecify.annotations.Nullable;

/** The SQL of edges between tasks. */
final class DependencyQueries {

  private static final String ADD =
      """
      SELECT pg_notify('plinth_tasks', ? || ':' || a.queue)
      FROM plinth_tasks.add_dependencies(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[]) a
      """;

  void add(TenantTx tx, List<NewDependency> edges) {
    tx.dsl()
        .fetch(
            ADD,
            tx.organizationId().toString(),
            edges.stream().map(NewDependency::predecessor).toArray(UUID[]::new),
            edges.stream().map(NewDependency::successor).toArray(UUID[]::new),
            texts(edges, edge -> word(edge.terms().condition())),
            texts(edges, edge -> edge.terms().outputAs()),
            texts(edges, edge -> Json.textOrNull("when", edge.terms().when())));
  }

  Page<Dependency> predecessors(TenantTx tx, UUID task, PageRequest request) {
    return page(
        tx,
        new Side(TASK_DEPENDENCIES.SUCCESSOR_ID, task),
        TASK_DEPENDENCIES.PREDECESSOR_ID,
        request);
  }

  Page<Dependency> successors(TenantTx tx, UUID task, PageRequest request) {
    return page(
        tx,
        new Side(TASK_DEPENDENCIES.PREDECESSOR_ID, task),
        TASK_DEPENDENCIES.SUCCESSOR_ID,
        request);
  }

  /** How many edges hold a task up; empty if there is no such task. */
  Optional<Integer> unmet(TenantTx tx, UUID task) {
    return tx.dsl()
        .select(TASKS.UNMET_DEPENDENCIES)
        .from(TASKS)
        .where(TASKS.ORGANIZATION_ID.eq(tx.organizationId()), TASKS.ID.eq(task))
        .fetchOptional(TASKS.UNMET_DEPENDENCIES);
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static <T> @Nullable String[] texts(List<T> all, Function<T, @Nullable String> text) {
    return all.stream().map(text).toArray(String[]::new);
  }

  private record Side(TableField<TaskDependenciesRecord, UUID> column, UUID task) {}

  private static Page<Dependency> page(
      TenantTx tx, Side side, TableField<TaskDependenciesRecord, UUID> other, PageRequest request) {
    Keyset keyset =
        Keyset.of("task-dependencies-by-" + other.getName(), side.task(), tx.organizationId());
    List<Dependency> rows =
        tx.dsl()
            .selectFrom(TASK_DEPENDENCIES)
            .where(
                TASK_DEPENDENCIES.ORGANIZATION_ID.eq(tx.organizationId()),
                side.column().eq(side.task()),
                keyset.after(request, other, UUID::fromString))
            .orderBy(other)
            .limit(request.limit() + 1)
            .fetch(DependencyQueries::dependency);
    boolean bySuccessor = other == TASK_DEPENDENCIES.SUCCESSOR_ID;
    return keyset.page(
        rows,
        request,
        row -> List.of((bySuccessor ? row.successor() : row.predecessor()).toString()));
  }

  private static Dependency dependency(TaskDependenciesRecord row) {
    Map<String, Object> when = row.getWhenOutput();
    return new Dependency(
        row.getOrganizationId(),
        row.getPredecessorId(),
        row.getSuccessorId(),
        new EdgeTerms(row.getCondition(), row.getOutputAs(), when == null ? Map.of() : when),
        row.getSatisfiedAt(),
        row.getIsMoot());
  }
}
