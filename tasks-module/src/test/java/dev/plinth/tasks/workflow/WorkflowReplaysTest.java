package dev.plinth.tasks.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.queue.Notices;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How runs that failed go on, as a whole or from one of their nodes. */
@PlinthTest(TasksModule.class)
class WorkflowReplaysTest {

  private static final PageRequest PAGE = PageRequest.first(1000);

  private static final NewWorkflow DIAMOND =
      NewWorkflow.dag("diamond")
          .nodes(List.of(node("a"), node("b"), node("c"), node("d")))
          .fanOut("a", List.of("b", "c"))
          .fanIn(List.of("b", "c"), "d");

  private static final NewWorkflow TWO_BRANCHES =
      NewWorkflow.dag("branches")
          .nodes(List.of(node("a"), node("b"), node("c"), node("d")))
          .edge("a", "c")
          .edge("b", "d")
          .onFailure(FailurePolicy.CONTINUE);

  private Plinth plinth;
  private WorkflowRuns runs;
  private Member alice;
  private ByHand worker;

  @BeforeEach
  void prepare(Plinth plinth, WorkflowRuns runs, Organization acme, Member alice) {
    this.plinth = plinth;
    this.runs = runs;
    this.alice = alice;
    this.worker = new ByHand(plinth, acme.id());
    plinth.as(alice).run(tx -> ByHand.define(tx, "work"));
  }

  @Test
  void aRunGoesOnFromOneNodeAndWhatElseFailedStays() {
    WorkflowRun run = start(TWO_BRANCHES);
    worker.drain(Map.of("a", "dead", "b", "dead"));
    RunTask other = task(run, "d");

    assertThat(replay(run, "a").status()).isEqualTo(RunStatus.RUNNING);

    assertThat(task(run, "a").status()).isEqualTo(TaskStatus.PENDING);
    assertThat(task(run, "c").status()).isEqualTo(TaskStatus.PENDING);
    assertThat(task(run, "c").unmetDependencies()).isEqualTo(1);
    assertThat(worker.drain(Map.of())).containsExactly("a", "c");
    assertThat(task(run, "b").status()).isEqualTo(TaskStatus.DEAD);
    assertThat(task(run, "d")).isEqualTo(other);
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);

    replay(run, "b");
    assertThat(worker.drain(Map.of())).containsExactly("b", "d");
    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(get(run).failedAt()).isEmpty();
  }

  @Test
  void nodesAreReplayedOneAfterTheOther() {
    WorkflowRun run =
        start(NewWorkflow.dag("three").nodes(List.of(node("a"), node("b"), node("c"))));
    worker.claim(3).forEach(worker::die);

    for (String node : List.of("a", "b", "c")) {
      assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);
      replay(run, node);
      assertThat(worker.drain(Map.of())).containsExactly(node);
    }

    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void whatTheStopOfTheRunCancelledIsDoneTooAndWorkersHear(TestDatabase database)
      throws SQLException {
    WorkflowRun run = start(DIAMOND);
    assertThat(worker.drain(Map.of("b", "dead"))).containsExactly("a", "b");
    assertThat(task(run, "c").errorType()).contains("RunStopped");

    List<String> heard = Notices.heard(database, () -> replay(run, "b"));

    assertThat(heard).containsExactly(run.organizationId() + ":default");
    assertThat(task(run, "d").unmetDependencies()).isEqualTo(2);
    assertThat(worker.drain(Map.of())).containsExactly("b", "c", "d");
    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void whatRanWhenTheRunWasStoppedIsDoneAgainToo() {
    WorkflowRun run = start(DIAMOND);
    worker.succeed(worker.claim(1).get(0));
    List<UUID> both = worker.claim(2);
    worker.die(both.get(0));
    worker.stopAsAsked(both.get(1));
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);

    replay(run, worker.node(both.get(0)));

    assertThat(worker.drain(Map.of())).containsExactly("b", "c", "d");
    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void whatNeedsAnotherThatFailedStaysCancelledUntilThatIsDoneAgain() {
    NewWorkflow graph =
        NewWorkflow.dag("two-failures")
            .nodes(List.of(node("a"), node("b"), node("z"), node("ab"), node("only-a")))
            .fanIn(List.of("a", "b"), "ab")
            .edge("a", "only-a");
    WorkflowRun run = start(graph);
    List<UUID> both = worker.claim(2);
    worker.die(both.get(0));
    worker.die(both.get(1));

    replay(run, "a");
    assertThat(task(run, "ab").errorType()).contains("PredecessorFailed");
    assertThat(worker.drain(Map.of())).containsExactly("a", "z", "only-a");
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);

    replay(run, "b");
    assertThat(task(run, "ab").unmetDependencies()).isEqualTo(1);
    assertThat(worker.drain(Map.of())).containsExactly("b", "ab");
    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void aRunThatFailsAgainIsStoppedAgain() {
    WorkflowRun run = start(DIAMOND);
    worker.drain(Map.of("b", "dead"));
    replay(run, "b");

    assertThat(worker.drain(Map.of("b", "dead"))).containsExactly("b");

    assertThat(task(run, "c").errorType()).contains("RunStopped");
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);
    replay(run, "b");
    assertThat(worker.drain(Map.of())).containsExactly("b", "c", "d");
  }

  @Test
  void aCancelledRunGoesOnFromANode() {
    WorkflowRun run = start(DIAMOND);
    worker.succeed(worker.claim(1).get(0));
    plinth.as(alice).run(tx -> runs.cancel(tx, run.id()));

    WorkflowRun again = replay(run, "c");

    assertThat(again.cancelRequestedAt()).isEmpty();
    assertThat(worker.drain(Map.of())).containsExactly("b", "c", "d");
    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void whatSomebodyCancelledStaysSoUnlessItIsChosenOrFollows() {
    WorkflowRun run = start(TWO_BRANCHES);
    worker.cancel(task(run, "b").id());
    worker.drain(Map.of("a", "dead"));

    replay(run, "a");
    assertThat(worker.drain(Map.of())).containsExactly("a", "c");
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);

    replay(run, "b");
    assertThat(worker.drain(Map.of())).containsExactly("b", "d");
    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void whatWasDoneInsteadIsSkippedWhenTheNodeSucceeds() {
    NewWorkflow graph =
        NewWorkflow.dag("instead")
            .nodes(List.of(node("try"), node("then"), node("instead")))
            .edge("try", "then")
            .edge(Edge.of("try", "instead").on(EdgeTerms.failure()));
    WorkflowRun run = start(graph);
    assertThat(worker.drain(Map.of("try", "dead", "instead", "dead")))
        .containsExactly("try", "instead");
    assertThat(task(run, "then").isSkipped()).isTrue();

    replay(run, "try");

    assertThat(worker.drain(Map.of())).containsExactly("try", "then");
    assertThat(task(run, "instead").isSkipped()).isTrue();
    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void whatNoFailureLetThroughIsSkippedStill() {
    NewWorkflow graph =
        NewWorkflow.dag("skipped")
            .nodes(List.of(node("a"), node("b"), node("if-not-a"), node("both"), node("end")))
            .edge("a", "b")
            .edge(Edge.of("a", "if-not-a").on(EdgeTerms.failure()))
            .edge(Edge.of("a", "both").on(EdgeTerms.failure()))
            .edge("b", "both")
            .fanIn(List.of("b", "both"), "end");

    for (boolean whole : List.of(true, false)) {
      WorkflowRun run = start(graph);
      assertThat(worker.drain(Map.of("b", "dead"))).containsExactly("a", "b");
      WorkflowRun again = whole ? replay(run) : replay(run, "b");

      assertThat(again.status()).isEqualTo(RunStatus.RUNNING);
      assertThat(worker.drain(Map.of())).containsExactly("b", "end");
      assertThat(task(run, "if-not-a").isSkipped()).isTrue();
      assertThat(task(run, "both").isSkipped()).isTrue();
      assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
    }
  }

  @Test
  void whatSucceededAfterTheStopHasItsOutputInTheInputOfWhatFollows() {
    NewWorkflow graph =
        NewWorkflow.dag("outputs")
            .nodes(List.of(node("a"), node("b"), node("join")))
            .edge(Edge.of("a", "join").on(EdgeTerms.success().outputAs("fromA")))
            .edge(Edge.of("b", "join").on(EdgeTerms.success().outputAs("fromB")));
    WorkflowRun run = start(graph);
    List<UUID> both = worker.claim(2);
    worker.die(both.get(1));
    worker.succeedWith("{\"found\": 1}", both.get(0));
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);

    replay(run, "b");

    assertThat(worker.drain(Map.of("b", "{\"found\": 2}"))).containsExactly("b", "join");
    assertThat(worker.input(task(run, "join").id()))
        .isEqualTo(Map.of("fromA", Map.of("found", 1), "fromB", Map.of("found", 2)));
  }

  @Test
  void aNodeIsNotReplayedThatSucceededWasSkippedOrWouldWaitInVain() {
    NewWorkflow graph =
        NewWorkflow.dag("refused")
            .nodes(List.of(node("a"), node("b"), node("c"), node("never")))
            .edges(List.of(Edge.of("a", "b"), Edge.of("b", "c")))
            .edge(Edge.of("a", "never").on(EdgeTerms.success().when("never", 1)));
    WorkflowRun run = start(graph);
    assertThatThrownBy(() -> replay(run, "b")).isInstanceOf(IllegalTransitionException.class);
    worker.drain(Map.of("b", "dead"));
    List<RunTask> before = tasks(run);

    assertThatThrownBy(() -> replay(run, "a"))
        .isInstanceOf(IllegalTransitionException.class)
        .hasMessage("task cannot go from succeeded to pending");
    assertThatThrownBy(() -> replay(run, "never"))
        .isInstanceOf(IllegalTransitionException.class)
        .hasMessage("task cannot go from skipped to pending");
    assertThatThrownBy(() -> replay(run, "c"))
        .isInstanceOf(IllegalTransitionException.class)
        .hasMessage("task cannot go from cancelled to pending as it would wait in vain");
    assertThatThrownBy(() -> replay(run, "nowhere")).isInstanceOf(NotFoundException.class);
    assertThat(tasks(run)).isEqualTo(before);
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);
    replay(run, "b");
    worker.drain(Map.of());
    assertThatThrownBy(() -> replay(run, "b")).isInstanceOf(IllegalTransitionException.class);
  }

  @Test
  void aDeadTaskThatIsReplayedAloneLeavesItsRunOver() {
    WorkflowRun run = start(TWO_BRANCHES);
    worker.drain(Map.of("a", "dead"));
    UUID dead = task(run, "a").id();
    plinth.as(alice).run(tx -> new Tasks().replay(tx, dead));
    assertThat(worker.drain(Map.of())).containsExactly("a");
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);
    assertThat(task(run, "c").status()).isEqualTo(TaskStatus.CANCELLED);

    replay(run, "c");

    assertThat(worker.drain(Map.of())).containsExactly("c");
    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void viewersAndStrangersReplayNothing(
      Organization acme, @Role(MemberRole.VIEWER) Member bob, Organization globex, Member gina) {
    WorkflowRun run = start(TWO_BRANCHES);
    worker.drain(Map.of("a", "dead"));
    String byHand = "SELECT * FROM plinth_tasks.replay_run(?, ?)";
    UUID task = task(run, "a").id();
    UUID nobody = UUID.randomUUID();

    assertThatThrownBy(() -> plinth.as(bob).run(tx -> runs.replay(tx, run.id(), "a")))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().fetch(byHand, run.id(), task)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(gina).run(tx -> runs.replay(tx, run.id(), "a")))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> plinth.as(gina).run(tx -> tx.dsl().fetch(byHand, run.id(), task)))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> plinth.as(alice).run(tx -> tx.dsl().fetch(byHand, run.id(), nobody)))
        .isInstanceOf(IllegalTransitionException.class);
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);
  }

  private WorkflowRun start(NewWorkflow graph) {
    return plinth.as(alice).call(tx -> runs.start(tx, graph, Map.of()));
  }

  private WorkflowRun replay(WorkflowRun run) {
    return plinth.as(alice).call(tx -> runs.replay(tx, run.id()));
  }

  private WorkflowRun replay(WorkflowRun run, String node) {
    return plinth.as(alice).call(tx -> runs.replay(tx, run.id(), node));
  }

  private WorkflowRun get(WorkflowRun run) {
    return plinth.as(alice).read(tx -> runs.get(tx, run.id()));
  }

  private List<RunTask> tasks(WorkflowRun run) {
    return plinth.as(alice).read(tx -> runs.tasks(tx, run.id(), PAGE)).items();
  }

  private RunTask task(WorkflowRun run, String node) {
    return tasks(run).stream().filter(task -> task.node().equals(node)).findFirst().orElseThrow();
  }

  private static Node node(String name) {
    return Node.of(name, "work");
  }
}
