package dev.plinth.tasks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.RetryPolicy;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.tasks.workflow.Edge;
import dev.plinth.tasks.workflow.EdgeTerms;
import dev.plinth.tasks.workflow.FailurePolicy;
import dev.plinth.tasks.workflow.NewWorkflow;
import dev.plinth.tasks.workflow.Node;
import dev.plinth.tasks.workflow.RunStatus;
import dev.plinth.tasks.workflow.RunTask;
import dev.plinth.tasks.workflow.WorkflowRun;
import dev.plinth.tasks.workflow.WorkflowRuns;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers, threads and leases and all, on graphs. */
@PlinthTest(TasksModule.class)
@Timeout(120)
class WorkflowWorkerTest {

  private static final PageRequest PAGE = PageRequest.first(10);
  private static final int LAYERS = 10;
  private static final int WIDTH = 20;

  record Sum(int left, int right) {}

  private Plinth plinth;
  private WorkflowRuns runs;
  private Member alice;

  @BeforeEach
  void prepare(
      Plinth plinth,
      TaskDefinitions definitions,
      WorkflowRuns runs,
      Organization acme,
      Member alice) {
    this.plinth = plinth;
    this.runs = runs;
    this.alice = alice;
    plinth
        .as(alice)
        .run(
            tx ->
                List.of("one", "add", "work", "fail", "undo")
                    .forEach(
                        name ->
                            definitions.define(
                                tx, NewTaskDefinition.of(name).retry(RetryPolicy.never()))));
  }

  @Test
  void aGraphOfTwoHundredTasksIsDone(TestDatabase database) {
    List<Node> nodes = new ArrayList<>();
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < LAYERS * WIDTH; i++) {
      nodes.add(Node.of("n" + i, "work"));
      for (int before = 0; i >= WIDTH && before < 3; before++) {
        int from = (i / WIDTH - 1) * WIDTH + (i + before) % WIDTH;
        edges.add(Edge.of("n" + from, "n" + i));
      }
    }
    WorkflowRun run = start(NewWorkflow.dag("layers").nodes(nodes).edges(edges));

    try (Host first = Host.start(database, WorkflowWorkerTest::handlers);
        Host second = Host.start(database, WorkflowWorkerTest::handlers)) {
      assertThat(end(run)).isEqualTo(RunStatus.SUCCEEDED);
    }

    assertThat(plinth.as(alice).read(tx -> runs.progress(tx, run.id())).tasks())
        .containsExactly(Map.entry(TaskStatus.SUCCEEDED, LAYERS * WIDTH));
  }

  @Test
  void outputsAreWhatTheNextHandlerTakes(TestDatabase database, Tasks tasks) {
    NewWorkflow sum =
        NewWorkflow.dag("sum")
            .nodes(List.of(Node.of("a", "one"), Node.of("b", "one"), Node.of("c", "add")))
            .edge(Edge.of("a", "c").on(EdgeTerms.success().outputAs("left")))
            .edge(Edge.of("b", "c").on(EdgeTerms.success().outputAs("right")));
    WorkflowRun run = start(sum);

    try (Host host = Host.start(database, WorkflowWorkerTest::handlers)) {
      assertThat(end(run)).isEqualTo(RunStatus.SUCCEEDED);
    }

    RunTask last = plinth.as(alice).read(tx -> runs.tasks(tx, run.id(), PAGE)).items().get(2);
    Object output = plinth.as(alice).read(tx -> tasks.get(tx, last.id())).output().orElseThrow();
    assertThat(output).isEqualTo(2);
  }

  @Test
  void anOutputThatIsNoInputOfTheNextIsItsFailure(
      TestDatabase database, TaskDefinitions definitions, Tasks tasks) {
    Map<String, Object> text = Map.of("properties", Map.of("left", Map.of("type", "string")));
    plinth
        .as(alice)
        .run(
            tx ->
                definitions.define(
                    tx, NewTaskDefinition.of("text").handler("work").inputSchema(text)));
    NewWorkflow graph =
        NewWorkflow.dag("mismatch")
            .nodes(List.of(Node.of("a", "one"), Node.of("b", "text")))
            .edge(Edge.of("a", "b").on(EdgeTerms.success().outputAs("left")));
    WorkflowRun run = start(graph);

    try (Host host = Host.start(database, WorkflowWorkerTest::handlers)) {
      assertThat(end(run)).isEqualTo(RunStatus.FAILED);
    }

    RunTask last = plinth.as(alice).read(tx -> runs.tasks(tx, run.id(), PAGE)).items().get(1);
    assertThat(
            plinth.as(alice).read(tx -> tasks.get(tx, last.id())).failure().orElseThrow().message())
        .hasValueSatisfying(message -> assertThat(message).contains("$.left"));
  }

  @Test
  void whatSucceededBeforeAFailureIsUndone(TestDatabase database) {
    NewWorkflow failing =
        NewWorkflow.sequence(
                "failing", Node.of("first", "work").undoneBy("undo"), Node.of("second", "fail"))
            .onFailure(FailurePolicy.COMPENSATE);
    WorkflowRun run = start(failing);

    try (Host host = Host.start(database, WorkflowWorkerTest::handlers)) {
      assertThat(end(run)).isEqualTo(RunStatus.COMPENSATED);
    }
  }

  private static WorkerBuilder handlers(WorkerBuilder worker) {
    return worker
        .handler("work", task -> null)
        .handler("undo", task -> null)
        .handler("one", task -> 1)
        .handler("add", task -> task.input(Sum.class).left() + task.input(Sum.class).right())
        .handler(
            "fail",
            task -> {
              throw new IllegalStateException("as it should");
            });
  }

  private WorkflowRun start(NewWorkflow graph) {
    return plinth.as(alice).call(tx -> runs.start(tx, graph, Map.of()));
  }

  private RunStatus end(WorkflowRun run) {
    Eventually.is("over", () -> status(run).isOver());
    return status(run);
  }

  private RunStatus status(WorkflowRun run) {
    return plinth.as(alice).read(tx -> runs.get(tx, run.id())).status();
  }
}
