package dev.plinth.tasks.workflow;

import static dev.plinth.tasks.jooq.Tables.WORKFLOW_RUNS;

import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.jooq.tables.records.WorkflowRunsRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How runs begin, and how tasks are added to them: two statements, whether of ten nodes or ten
 * thousand.
 */
final class RunStarts {

  private static final String ADD =
      """
      SELECT pg_notify('plinth_tasks', ? || ':' || a.queue)
      FROM plinth_tasks.add_run_tasks(
        ?, ?::uuid[], ?::text[], ?::text[], ?::integer[], ?::integer[], ?::text[], ?::text[], ?::text[]) a
      """;

  private final WorkflowQueries workflows = new WorkflowQueries();
  private final RunQueries runs = new RunQueries();

  WorkflowRun start(TenantTx tx, Workflow workflow, Map<String, Object> input) {
    return start(tx, workflow.definition(), new Begin(workflow.id(), workflow.version(), input));
  }

  WorkflowRun start(TenantTx tx, NewWorkflow workflow, Map<String, Object> input) {
    return start(tx, workflow, new Begin(null, null, input));
  }

  /** Adds nodes and edges to a run, with the input that the run has. */
  void add(TenantTx tx, WorkflowRun run, NewWorkflow part) {
    Graph graph = Graph.of(part);
    add(tx, new Part(run.id(), graph, run.input(), requireDefinitions(tx, part)));
  }

  /** Of each task definition that the nodes name its id. */
  Map<String, UUID> requireDefinitions(TenantTx tx, NewWorkflow workflow) {
    Set<String> names = new HashSet<>();
    for (Node node : workflow.nodes()) {
      names.add(node.task());
      if (node.compensation() != null) {
        names.add(node.compensation());
      }
    }
    Map<String, UUID> known = workflows.definitions(tx, names);
    names.removeAll(known.keySet());
    if (!names.isEmpty()) {
      throw new NotFoundException(
          "task_definition",
          names.iterator().next(),
          " (define it in this organization first)",
          null);
    }
    return known;
  }

  private record Begin(
      @Nullable UUID workflow, @Nullable Integer version, Map<String, Object> input) {}

  private record Part(
      UUID run, Graph graph, Map<String, Object> input, Map<String, UUID> definitions) {

    UUID definition(String name) {
      return Objects.requireNonNull(definitions.get(name), name);
    }
  }

  private WorkflowRun start(TenantTx tx, NewWorkflow workflow, Begin begin) {
    Graph graph = Graph.of(workflow);
    Map<String, UUID> definitions = requireDefinitions(tx, workflow);
    UUID run = insert(tx, workflow, begin, definitions);
    add(tx, new Part(run, graph, begin.input(), definitions));
    return runs.find(tx, run).orElseThrow(IllegalStateException::new);
  }

  private static UUID insert(
      TenantTx tx, NewWorkflow workflow, Begin begin, Map<String, UUID> definitions) {
    Map<String, Object> compensations = new LinkedHashMap<>();
    for (Node node : workflow.nodes()) {
      if (node.compensation() != null) {
        compensations.put(node.name(), definitions.get(node.compensation()));
      }
    }
    return tx.dsl()
        .insertInto(WORKFLOW_RUNS)
        .set(WORKFLOW_RUNS.ORGANIZATION_ID, tx.organizationId())
        .set(WORKFLOW_RUNS.WORKFLOW_ID, begin.workflow())
        .set(WORKFLOW_RUNS.WORKFLOW_VERSION, begin.version())
        .set(WORKFLOW_RUNS.NAME, workflow.name())
        .set(WORKFLOW_RUNS.FAILURE_POLICY, workflow.failurePolicy())
        .set(WORKFLOW_RUNS.COMPENSATIONS, compensations)
        .set(WORKFLOW_RUNS.INPUT, begin.input())
        .returning(WORKFLOW_RUNS.ID)
        .fetchSingle(WorkflowRunsRecord::getId);
  }

  private static void add(TenantTx tx, Part part) {
    List<Node> nodes = part.graph().nodes();
    List<Edge> edges = part.graph().edges();
    Map<String, Integer> ordinals = part.graph().ordinals();
    Inputs inputs = new Inputs(part.input());
    tx.dsl()
        .fetch(
            ADD,
            tx.organizationId().toString(),
            part.run(),
            nodes.stream().map(node -> part.definition(node.task())).toArray(UUID[]::new),
            DependencyQueries.texts(nodes, Node::name),
            DependencyQueries.texts(nodes, inputs::of),
            edges.stream().map(edge -> ordinals.get(edge.from())).toArray(Integer[]::new),
            edges.stream().map(edge -> ordinals.get(edge.to())).toArray(Integer[]::new),
            DependencyQueries.texts(
                edges, edge -> DependencyQueries.word(edge.terms().condition())),
            DependencyQueries.texts(edges, edge -> edge.terms().outputAs()),
            DependencyQueries.texts(edges, edge -> Json.textOrNull("when", edge.terms().when())));
  }

  /** The input of the run, overlaid by that of each node; written once where a node has none. */
  private static final class Inputs {

    private final Map<String, Object> shared;
    private final String sharedText;

    Inputs(Map<String, Object> shared) {
      this.shared = shared;
      this.sharedText = Json.text("input", shared);
    }

    String of(Node node) {
      if (node.input().isEmpty()) {
        return sharedText;
      }
      Map<String, Object> both = new HashMap<>(shared);
      both.putAll(node.input());
      return Json.text("input", both);
    }
  }
}
