package dev.plinth.tasks.workflow;

import static dev.plinth.tasks.jooq.Tables.TASK_DEFINITIONS;
import static dev.plinth.tasks.jooq.Tables.WORKFLOWS;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.jooq.tables.records.WorkflowsRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/** The SQL of workflows. */
final class WorkflowQueries {

  private static final String BY_NAME = "workflows-by-name";

  /** Makes it, or brings the one of that name up to date; what is the same already stays. */
  void put(TenantTx tx, NewWorkflow workflow, Map<String, Object> graph) {
    tx.dsl()
        .insertInto(WORKFLOWS)
        .set(WORKFLOWS.ORGANIZATION_ID, tx.organizationId())
        .set(WORKFLOWS.NAME, workflow.name())
        .set(WORKFLOWS.KIND, workflow.kind())
        .set(WORKFLOWS.FAILURE_POLICY, workflow.failurePolicy())
        .set(WORKFLOWS.GRAPH, graph)
        .onConflict(WORKFLOWS.ORGANIZATION_ID, WORKFLOWS.NAME)
        .where(WORKFLOWS.DELETED_AT.isNull())
        .doUpdate()
        .set(WORKFLOWS.KIND, DSL.excluded(WORKFLOWS.KIND))
        .set(WORKFLOWS.FAILURE_POLICY, DSL.excluded(WORKFLOWS.FAILURE_POLICY))
        .set(WORKFLOWS.GRAPH, DSL.excluded(WORKFLOWS.GRAPH))
        .where(
            WORKFLOWS
                .KIND
                .ne(DSL.excluded(WORKFLOWS.KIND))
                .or(WORKFLOWS.FAILURE_POLICY.ne(DSL.excluded(WORKFLOWS.FAILURE_POLICY)))
                .or(WORKFLOWS.GRAPH.ne(DSL.excluded(WORKFLOWS.GRAPH))))
        .execute();
  }

  Optional<Workflow> find(TenantTx tx, String name) {
    return tx.dsl()
        .selectFrom(WORKFLOWS)
        .where(live(tx), WORKFLOWS.NAME.eq(name))
        .fetchOptional(WorkflowQueries::workflow);
  }

  Page<Workflow> page(TenantTx tx, PageRequest request) {
    Keyset keyset = Keyset.of(BY_NAME, tx.organizationId());
    List<Workflow> rows =
        tx.dsl()
            .selectFrom(WORKFLOWS)
            .where(live(tx), keyset.after(request, WORKFLOWS.NAME, Function.identity()))
            .orderBy(WORKFLOWS.NAME)
            .limit(request.limit() + 1)
            .fetch(WorkflowQueries::workflow);
    return keyset.page(rows, request, row -> List.of(row.name()));
  }

  /** Whether there was one of that name. */
  boolean delete(TenantTx tx, String name) {
    return tx.dsl()
            .update(WORKFLOWS)
            .set(WORKFLOWS.DELETED_AT, tx.now())
            .where(live(tx), WORKFLOWS.NAME.eq(name))
            .execute()
        == 1;
  }

  /** Of each name the id of its task definition; a name without one is absent. */
  Map<String, UUID> definitions(TenantTx tx, Collection<String> names) {
    return tx.dsl()
        .select(TASK_DEFINITIONS.NAME, TASK_DEFINITIONS.ID)
        .from(TASK_DEFINITIONS)
        .where(
            TASK_DEFINITIONS.ORGANIZATION_ID.eq(tx.organizationId()),
            TASK_DEFINITIONS.DELETED_AT.isNull(),
            TASK_DEFINITIONS.NAME.eq(DSL.any(names.toArray(String[]::new))))
        .fetchMap(TASK_DEFINITIONS.NAME, TASK_DEFINITIONS.ID);
  }

  private static Condition live(TenantTx tx) {
    return WORKFLOWS.ORGANIZATION_ID.eq(tx.organizationId()).and(WORKFLOWS.DELETED_AT.isNull());
  }

  private static Workflow workflow(WorkflowsRecord row) {
    return new Workflow(
        row.getOrganizationId(),
        row.getId(),
        row.getName(),
        row.getKind(),
        row.getFailurePolicy(),
        GraphDocument.nodes(row.getGraph()),
        GraphDocument.edges(row.getGraph()),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getVersion());
  }
}
