package dev.plinth.tasks.workflow;

import static dev.plinth.tasks.jooq.Tables.TASKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PlinthTest(TasksModule.class)
class WorkflowRunsTest {

  private static final PageRequest PAGE = PageRequest.first(1000);

  private static final NewWorkflow DIAMOND =
      NewWorkflow.dag("diamond")
          .nodes(List.of(node("a"), node("b"), node("c"), node("d")))
          .fanOut("a", List.of("b", "c"))
          .fanIn(List.of("b", "c"), "d");

  private Plinth plinth;
  private WorkflowRuns runs;
  private Workflows workflows;
  private Member alice;
  private ByHand worker;

  @BeforeEach
  void prepare(
      Plinth plinth, WorkflowRuns runs, Workflows workflows, Organization acme, Member alice) {
    this.plinth = plinth;
    this.runs = runs;
    this.workflows = workflows;
    this.alice = alice;
    this.worker = new ByHand(plinth, acme.id());
    plinth
        .as(alice)
        .run(
            tx -> {
              ByHand.define(tx, "work");
              ByHand.define(tx, "undo");
            });
  }

  @Test
  void aRunDoesItsTasksInOrderAndEnds() {
    WorkflowRun run = start(DIAMOND);
    assertThat(run.status()).isEqualTo(RunStatus.RUNNING);

    assertThat(worker.drain(Map.of())).containsExactly("a", "b", "c", "d");

    WorkflowRun ended = get(run);
    assertThat(ended.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(ended.finishedAt()).isPresent();
    assertThat(progress(run).percent()).isEqualTo(100);
  }

  @Test
  void everyTaskHasTheInputOfTheRunUnderThatOfItsNode() {
    NewWorkflow graph =
        NewWorkflow.dag("inputs")
            .node(node("a"))
            .node(node("b").input(Map.of("depth", 2)))
            .edge(Edge.of("a", "b").on(EdgeTerms.success().outputAs("before")));

    WorkflowRun run =
        plinth.as(alice).call(tx -> runs.start(tx, graph, Map.of("depth", 1, "url", "x")));
    worker.drain(Map.of("a", "{\"found\": true}"));

    assertThat(worker.input(task(run, "a").id())).isEqualTo(Map.of("depth", 1, "url", "x"));
    assertThat(worker.input(task(run, "b").id()))
        .isEqualTo(Map.of("depth", 2, "url", "x", "before", Map.of("found", true)));
  }

  @Test
  void whatAConditionDoesNotHoldForIsSkippedAndTheBranchesMeetAgain() {
    NewWorkflow review =
        NewWorkflow.dag("review")
            .nodes(List.of(node("check"), node("publish"), node("reject"), node("tell")))
            .edge(Edge.of("check", "publish").on(EdgeTerms.success().when("ok", true)))
            .edge(Edge.of("check", "reject").on(EdgeTerms.success().when("ok", false)))
            .fanIn(List.of("publish", "reject"), "tell");
    WorkflowRun run = start(review);

    assertThat(worker.drain(Map.of("check", "{\"ok\": true, \"by\": \"alice\"}")))
        .containsExactly("check", "publish", "tell");

    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(progress(run).skipped()).isEqualTo(1);
    assertThat(task(run, "reject").isSkipped()).isTrue();
  }

  @Test
  void whatComesOnlyBehindWhatIsSkippedIsSkippedButNotWhatFollowsCompletion() {
    NewWorkflow graph =
        NewWorkflow.sequence("skipping", node("a"), node("b"), node("c"))
            .node(node("z"))
            .node(node("after"))
            .edges(List.of(Edge.of("c", "after").on(EdgeTerms.completion())));
    NewWorkflow conditional =
        new NewWorkflow(
            graph.name(),
            graph.kind(),
            graph.failurePolicy(),
            graph.nodes(),
            List.of(
                Edge.of("a", "b").on(EdgeTerms.success().when("n", 1)),
                Edge.of("b", "c"),
                Edge.of("c", "after").on(EdgeTerms.completion())));
    WorkflowRun run = start(conditional);

    assertThat(worker.drain(Map.of("a", "{\"n\": 2}"))).containsExactly("a", "z", "after");

    assertThat(task(run, "c").isSkipped()).isTrue();
    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void whenSomethingFailsWhatWaitsIsCancelledSaveWhatFollowsCompletion() {
    NewWorkflow graph =
        NewWorkflow.parallel("stopping", List.of(node("a"), node("b"), node("c")))
            .node(node("behind"))
            .node(node("cleanup"))
            .edge("c", "behind")
            .edge(Edge.of("behind", "cleanup").on(EdgeTerms.completion()));
    WorkflowRun run = start(graph);

    assertThat(worker.drain(Map.of("a", "dead"))).containsExactly("a", "cleanup");

    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);
    assertThat(get(run).failedAt()).isPresent();
    assertThat(task(run, "b").errorType()).contains("RunStopped");
    assertThat(task(run, "behind").status()).isEqualTo(TaskStatus.CANCELLED);
    assertThat(task(run, "cleanup").status()).isEqualTo(TaskStatus.SUCCEEDED);
  }

  @Test
  void whatRunsWhenARunIsStoppedIsAskedToStopAndThenItIsOver() {
    WorkflowRun run = start(NewWorkflow.parallel("two", List.of(node("a"), node("b"))));
    List<UUID> both = worker.claim(2);

    worker.die(both.get(0));

    assertThat(get(run).status()).isEqualTo(RunStatus.RUNNING);
    assertThat(worker.read(both.get(1), TASKS.CANCEL_REQUESTED_AT)).isNotNull();
    worker.succeed(both.get(1));
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void aRunThatContinuesCancelsOnlyWhatIsBehindTheFailure() {
    NewWorkflow graph =
        NewWorkflow.dag("continuing")
            .nodes(List.of(node("a"), node("b"), node("c"), node("d")))
            .edge("a", "c")
            .edge("b", "d")
            .onFailure(FailurePolicy.CONTINUE);
    WorkflowRun run = start(graph);

    assertThat(worker.drain(Map.of("a", "dead"))).containsExactly("a", "b", "d");

    assertThat(task(run, "c").errorType()).contains("PredecessorFailed");
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void aFailureThatTheGraphProvidesForFailsNothing() {
    NewWorkflow graph =
        NewWorkflow.dag("providing")
            .nodes(List.of(node("try"), node("then"), node("instead"), node("after")))
            .edge("try", "then")
            .edge(Edge.of("try", "instead").on(EdgeTerms.failure()))
            .fanIn(List.of("then", "instead"), "after");
    WorkflowRun run = start(graph);

    assertThat(worker.drain(Map.of("try", "dead"))).containsExactly("try", "instead", "after");

    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(task(run, "then").isSkipped()).isTrue();
  }

  @Test
  void whatSucceededIsUndoneTheLastFirst() {
    NewWorkflow trip =
        NewWorkflow.sequence(
                "trip",
                node("flight").undoneBy("undo"),
                node("note"),
                node("hotel").undoneBy("undo"),
                node("car").undoneBy("undo"))
            .onFailure(FailurePolicy.COMPENSATE);
    WorkflowRun run = start(trip);

    for (int i = 0; i < 3; i++) {
      worker.succeedWith("{\"booking\": " + i + "}", worker.claim(1).get(0));
    }
    worker.die(worker.claim(1).get(0));

    assertThat(get(run).status()).isEqualTo(RunStatus.COMPENSATING);
    UUID first = worker.claim(10).get(0);
    Map<String, Object> input = worker.input(first);
    assertThat(input).containsEntry("node", "hotel").containsEntry("output", Map.of("booking", 2));
    worker.die(first);
    assertThat(worker.drain(Map.of())).containsExactly("flight:compensation");
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void aRunWhoseTasksWereAllUndoneIsCompensated() {
    NewWorkflow trip =
        NewWorkflow.sequence("trip", node("flight").undoneBy("undo"), node("hotel"))
            .onFailure(FailurePolicy.COMPENSATE);
    WorkflowRun run = start(trip);

    assertThat(worker.drain(Map.of("hotel", "dead")))
        .containsExactly("flight", "hotel", "flight:compensation");

    assertThat(get(run).status()).isEqualTo(RunStatus.COMPENSATED);
    assertThatThrownBy(() -> replay(run)).isInstanceOf(IllegalTransitionException.class);
  }

  @Test
  void withNothingToUndoARunHasFailed() {
    WorkflowRun run =
        start(
            NewWorkflow.sequence("trip", node("flight").undoneBy("undo"))
                .onFailure(FailurePolicy.COMPENSATE));

    worker.drain(Map.of("flight", "dead"));

    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void aTaskThatSomebodyCancelsFailsItsRun() {
    WorkflowRun run = start(DIAMOND);
    worker.succeed(worker.claim(1).get(0));

    worker.cancel(task(run, "b").id());

    assertThat(task(run, "d").status()).isEqualTo(TaskStatus.CANCELLED);
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void aCancelledRunIsOverWhenWhatRunsHasStopped() {
    WorkflowRun run = start(DIAMOND);
    UUID first = worker.claim(1).get(0);

    WorkflowRun cancelled = plinth.as(alice).call(tx -> runs.cancel(tx, run.id()));

    assertThat(cancelled.status()).isEqualTo(RunStatus.RUNNING);
    assertThat(cancelled.cancelRequestedAt()).isPresent();
    assertThat(worker.read(first, TASKS.CANCEL_REQUESTED_AT)).isNotNull();
    worker.stopAsAsked(first);
    assertThat(get(run).status()).isEqualTo(RunStatus.CANCELLED);
    assertThatThrownBy(() -> plinth.as(alice).run(tx -> runs.cancel(tx, run.id())))
        .isInstanceOf(IllegalTransitionException.class);
  }

  @Test
  void aRunOfWhichAllWaitsIsCancelledAtOnce() {
    WorkflowRun run = start(DIAMOND);

    WorkflowRun cancelled = plinth.as(alice).call(tx -> runs.cancel(tx, run.id()));

    assertThat(cancelled.status()).isEqualTo(RunStatus.CANCELLED);
  }

  @Test
  void aFailedRunGoesOnWhereItFailed() {
    NewWorkflow graph =
        NewWorkflow.dag("again")
            .nodes(List.of(node("a"), node("b"), node("c"), node("d"), node("never")))
            .edges(List.of(Edge.of("a", "b"), Edge.of("b", "d"), Edge.of("c", "d")))
            .edge(Edge.of("a", "never").on(EdgeTerms.success().when("never", 1)));
    WorkflowRun run = start(graph);
    assertThat(worker.drain(Map.of("b", "dead"))).containsExactly("a", "c", "b");
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);

    assertThat(replay(run).status()).isEqualTo(RunStatus.RUNNING);
    assertThat(worker.drain(Map.of())).containsExactly("b", "d");

    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(task(run, "never").isSkipped()).isTrue();
    assertThatThrownBy(() -> replay(run)).isInstanceOf(IllegalTransitionException.class);
  }

  @Test
  void aTaskAddsMoreToItsRunWhileItRuns(TaskDependencies dependencies) {
    WorkflowRun run = start(NewWorkflow.sequence("pages", node("split"), node("join")));
    UUID join = task(run, "join").id();
    UUID split = worker.claim(1).get(0);
    NewWorkflow pages =
        NewWorkflow.parallel(
            "more", IntStream.range(0, 5).mapToObj(i -> node("page-" + i)).toList());

    plinth
        .asService(run.organizationId(), "worker")
        .run(
            tx -> {
              Map<String, UUID> added = runs.add(tx, run.id(), pages);
              dependencies.addAll(
                  tx, added.values().stream().map(page -> NewDependency.of(page, join)).toList());
              worker.end(tx, "succeeded", "{}", split);
            });

    assertThat(worker.drain(Map.of()))
        .containsExactly("page-0", "page-1", "page-2", "page-3", "page-4", "join");
    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThatThrownBy(() -> plinth.as(alice).run(tx -> runs.add(tx, run.id(), pages)))
        .isInstanceOf(IllegalTransitionException.class);
  }

  @Test
  void aRunIsOfTheVersionThatItBeganWith() {
    plinth.as(alice).run(tx -> workflows.define(tx, DIAMOND));
    WorkflowRun run = plinth.as(alice).call(tx -> workflows.start(tx, "diamond", Map.of()));
    plinth
        .as(alice)
        .run(tx -> workflows.define(tx, NewWorkflow.sequence("diamond", node("other"))));

    assertThat(worker.drain(Map.of())).containsExactly("a", "b", "c", "d");
    assertThat(run.workflowVersion()).hasValue(1);
    assertThat(run.startedBy()).contains(alice.userId());
  }

  @Test
  void theCriticalPathIsWhatTheRunTookItsTimeFor() {
    WorkflowRun run = start(DIAMOND);
    worker.succeed(worker.claim(1).get(0));
    List<UUID> both = worker.claim(2);
    UUID slow = both.get(0);
    worker.succeed(both.get(1));
    worker.succeed(slow);
    worker.drain(Map.of());

    List<CriticalStep> path = plinth.as(alice).read(tx -> runs.criticalPath(tx, run.id()));

    assertThat(path).extracting(CriticalStep::node).containsExactly("a", worker.node(slow), "d");
    assertThat(path.get(0).readyAt()).isEqualTo(run.startedAt());
    assertThat(path.get(1).readyAt()).isEqualTo(path.get(0).finishedAt());
    assertThat(path)
        .allSatisfy(step -> assertThat(step.ran()).isGreaterThanOrEqualTo(java.time.Duration.ZERO));
    assertThat(path.get(2).finishedAt()).isEqualTo(get(run).finishedAt().orElseThrow());
  }

  @Test
  void theCriticalPathLeadsThroughWhatNeverBegan() {
    WorkflowRun run =
        start(
            NewWorkflow.dag("release")
                .nodes(List.of(node("build"), node("test"), node("deploy"), node("tell")))
                .edges(List.of(Edge.of("build", "test"), Edge.of("test", "deploy")))
                .edge(Edge.of("deploy", "tell").on(EdgeTerms.completion())));
    worker.drain(Map.of("test", "dead"));

    List<CriticalStep> path = plinth.as(alice).read(tx -> runs.criticalPath(tx, run.id()));

    assertThat(path).extracting(CriticalStep::node).containsExactly("build", "test", "tell");
    assertThat(path.get(2).readyAt()).isEqualTo(path.get(1).finishedAt());
  }

  @Test
  void runsAreListedNewestFirst() {
    WorkflowRun one = start(DIAMOND);
    WorkflowRun two = start(DIAMOND);
    WorkflowRun three = start(DIAMOND);
    plinth.as(alice).run(tx -> runs.cancel(tx, two.id()));

    Page<WorkflowRun> running =
        plinth
            .as(alice)
            .read(
                tx ->
                    runs.list(tx, RunFilter.all().status(RunStatus.RUNNING), PageRequest.first(1)));
    String cursor = running.next().orElseThrow();
    Page<WorkflowRun> next =
        plinth
            .as(alice)
            .read(
                tx ->
                    runs.list(
                        tx,
                        RunFilter.all().status(RunStatus.RUNNING),
                        PageRequest.after(cursor, 10)));

    assertThat(running.items()).extracting(WorkflowRun::id).containsExactly(three.id());
    assertThat(next.items()).extracting(WorkflowRun::id).containsExactly(one.id());
  }

  @Test
  void whatTheHostRollsBackNeverBegan() {
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          runs.start(tx, DIAMOND, Map.of());
                          throw new IllegalStateException("host fails");
                        }))
        .hasMessage("host fails");

    assertThat(worker.claim(10)).isEmpty();
  }

  @Test
  void viewersTouchNoRun(Organization acme, @Role(MemberRole.VIEWER) Member bob) {
    WorkflowRun run = start(DIAMOND);
    String cancel = "SELECT * FROM plinth_tasks.cancel_run(?)";
    String byHand =
        "UPDATE plinth_tasks.workflow_runs SET status = 'succeeded' WHERE organization_id = ?";

    assertThatThrownBy(() -> plinth.as(bob).run(tx -> runs.start(tx, DIAMOND, Map.of())))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> runs.cancel(tx, run.id())))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().fetch(cancel, run.id())))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(alice).run(tx -> tx.dsl().execute(byHand, acme.id())))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aMissingRunIsSaidToBe() {
    UUID nobody = UUID.randomUUID();

    assertThatThrownBy(() -> plinth.as(alice).run(tx -> runs.cancel(tx, nobody)))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> plinth.as(alice).run(tx -> runs.add(tx, nobody, DIAMOND)))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aThousandTasksInALayerAreSettledByTheHundred() {
    List<Node> first = IntStream.range(0, 1000).mapToObj(i -> node("a" + i)).toList();
    NewWorkflow wide =
        NewWorkflow.dag("wide")
            .nodes(first)
            .node(node("last"))
            .fanIn(first.stream().map(Node::name).toList(), "last");
    WorkflowRun run = start(wide);

    for (int i = 0; i < 10; i++) {
      assertThat(progress(run).percent()).isEqualTo(i * 100 * 100 / 1001);
      worker.succeed(worker.claim(100).toArray(UUID[]::new));
    }

    assertThat(worker.drain(Map.of())).containsExactly("last");
    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  private WorkflowRun start(NewWorkflow graph) {
    return plinth.as(alice).call(tx -> runs.start(tx, graph, Map.of()));
  }

  private WorkflowRun replay(WorkflowRun run) {
    return plinth.as(alice).call(tx -> runs.replay(tx, run.id()));
  }

  private WorkflowRun get(WorkflowRun run) {
    return plinth.as(alice).read(tx -> runs.get(tx, run.id()));
  }

  private RunProgress progress(WorkflowRun run) {
    return plinth.as(alice).read(tx -> runs.progress(tx, run.id()));
  }

  private RunTask task(WorkflowRun run, String node) {
    return plinth.as(alice).read(tx -> runs.tasks(tx, run.id(), PAGE)).items().stream()
        .filter(task -> task.node().equals(node))
        .findFirst()
        .orElseThrow();
  }

  private static Node node(String name) {
    return Node.of(name, "work");
  }
}
