package dev.plinth.tasks.workflow;

import static dev.plinth.tasks.jooq.Tables.TASKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.CycleException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PlinthTest(TasksModule.class)
class TaskDependenciesTest {

  private Plinth plinth;
  private TaskDependencies dependencies;
  private Member alice;
  private WorkflowRuns runs;
  private ByHand worker;
  private String name;
  private UUID definition;

  @BeforeEach
  void prepare(Plinth plinth, TaskDependencies dependencies, Organization acme, Member alice) {
    this.plinth = plinth;
    this.dependencies = dependencies;
    this.runs = new WorkflowRuns();
    this.alice = alice;
    this.worker = new ByHand(plinth, acme.id());
    this.name = "work-" + UUID.randomUUID();
    this.definition = plinth.as(alice).call(tx -> ByHand.define(tx, name));
    worker.claim(100);
  }

  @Test
  void aTaskIsClaimedWhenAllThatItWaitsForSucceeded() {
    UUID one = enqueue();
    UUID two = enqueue();
    UUID last = enqueue();
    add(one, last);
    add(two, last);

    assertThat(worker.claim(10)).containsExactly(one, two);
    assertThat(areSatisfied(last)).isFalse();
    worker.succeed(one);
    assertThat(worker.claim(10)).isEmpty();
    worker.succeed(two);

    assertThat(areSatisfied(last)).isTrue();
    assertThat(worker.claim(10)).containsExactly(last);
  }

  @Test
  void aRunFailsIfOneOfItsTasksWaitsInVainForATaskThatIsNotOfIt() {
    UUID outside = enqueue();
    NewWorkflow workflow =
        NewWorkflow.dag("alone")
            .nodes(List.of(Node.of("only", name), Node.of("other", name)))
            .onFailure(FailurePolicy.CONTINUE);
    WorkflowRun run = plinth.as(alice).call(tx -> runs.start(tx, workflow, Map.of()));
    UUID only = taskOf(run, "only");
    add(outside, only);
    assertThat(worker.claim(10)).containsExactlyInAnyOrder(outside, taskOf(run, "other"));
    worker.succeed(taskOf(run, "other"));

    worker.die(outside);

    assertThat(worker.errorType(only)).isEqualTo("PredecessorFailed");
    assertThat(plinth.as(alice).read(tx -> runs.get(tx, run.id())).status())
        .isEqualTo(RunStatus.FAILED);
  }

  @Test
  void aRunIsOverWhateverItsLastTaskHeldUpElsewhere() {
    WorkflowRun run = started("only");
    UUID outside = enqueue();
    add(taskOf(run, "only"), outside);
    assertThat(worker.claim(10)).containsExactly(taskOf(run, "only"));

    worker.succeed(taskOf(run, "only"));

    assertThat(status(run)).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(worker.claim(10)).containsExactly(outside);
  }

  @Test
  void aReplayDoesNotCountAgainForWhatWaitsElsewhere() {
    WorkflowRun run = started("only");
    UUID other = enqueue();
    UUID last = enqueue();
    add(NewDependency.of(taskOf(run, "only"), last).on(EdgeTerms.completion()));
    add(other, last);
    worker.claim(10);
    worker.die(taskOf(run, "only"));
    assertThat(unmet(last)).isEqualTo(1);

    plinth.as(alice).run(tx -> runs.replay(tx, run.id()));
    worker.claim(10);
    worker.succeed(taskOf(run, "only"));

    assertThat(unmet(last)).isEqualTo(1);
    worker.succeed(other);
    assertThat(worker.claim(10)).containsExactly(last);
  }

  @Test
  void theQueueOfWhatBecameReadyIsTold() {
    UUID one = enqueue();
    UUID last = enqueue();
    add(one, last);
    worker.claim(1);

    List<String> ready =
        plinth
            .asService(alice.organizationId(), "worker")
            .call(tx -> worker.end(tx, "succeeded", "{}", one));

    assertThat(ready).containsExactly("default:1");
  }

  @Test
  void anOutputIsPutIntoTheInputOfWhoWaits() {
    UUID one = enqueue();
    UUID two = enqueue();
    UUID last = enqueue();
    add(NewDependency.of(one, last).on(EdgeTerms.success().outputAs("first")));
    add(NewDependency.of(two, last).on(EdgeTerms.completion().outputAs("second")));
    worker.claim(2);

    worker.succeedWith("{\"pages\": 3}", one);
    worker.die(two);

    Map<String, Object> input = worker.input(last);
    assertThat(input).containsEntry("first", Map.of("pages", 3)).containsEntry("second", null);
  }

  @Test
  void whoNeedsTheSuccessOfWhatIsDeadIsCancelledAndSoOnDown() {
    UUID one = enqueue();
    UUID two = enqueue();
    UUID three = enqueue();
    UUID cleanup = enqueue();
    add(one, two);
    add(two, three);
    add(NewDependency.of(three, cleanup).on(EdgeTerms.completion()));
    worker.claim(1);

    worker.die(one);

    assertThat(worker.status(two)).isEqualTo(TaskStatus.CANCELLED);
    assertThat(worker.status(three)).isEqualTo(TaskStatus.CANCELLED);
    assertThat(worker.errorType(three)).isEqualTo("PredecessorFailed");
    assertThat(worker.claim(10)).containsExactly(cleanup);
  }

  @Test
  void ofSeveralThatMayFailOneIsEnough() {
    UUID one = enqueue();
    UUID two = enqueue();
    UUID alarm = enqueue();
    UUID needless = enqueue();
    add(NewDependency.of(one, alarm).on(EdgeTerms.failure()));
    add(NewDependency.of(two, alarm).on(EdgeTerms.failure()));
    add(NewDependency.of(two, needless).on(EdgeTerms.failure()));
    worker.claim(2);

    worker.die(one);
    assertThat(worker.claim(10)).isEmpty();
    worker.succeed(two);

    assertThat(worker.claim(10)).containsExactly(alarm);
    assertThat(worker.errorType(needless)).isEqualTo("Skipped");
  }

  @Test
  void whatHasEndedCountsAtOnce() {
    UUID done = enqueue();
    UUID dead = enqueue();
    worker.claim(2);
    worker.succeedWith("{\"n\": 1}", done);
    worker.die(dead);
    UUID one = enqueue();
    UUID two = enqueue();

    add(NewDependency.of(done, one).on(EdgeTerms.success().outputAs("before")));
    add(dead, two);

    assertThat(worker.claim(10)).containsExactly(one);
    assertThat(worker.input(one)).containsEntry("before", Map.of("n", 1));
    assertThat(worker.status(two)).isEqualTo(TaskStatus.CANCELLED);
  }

  @Test
  void toldTwiceCountsOnce() {
    UUID one = enqueue();
    UUID two = enqueue();
    UUID last = enqueue();
    add(one, last);
    add(two, last);
    worker.claim(2);

    worker.succeed(one);
    worker.succeed(one);

    assertThat(areSatisfied(last)).isFalse();
  }

  @Test
  void whatIsTooLateIsLeftForTheWorkerToFindOut() {
    UUID one = enqueue();
    UUID last = enqueue();
    plinth
        .as(alice)
        .run(
            tx ->
                tx.dsl()
                    .update(TASKS)
                    .set(TASKS.SCHEDULED_AT, tx.now().minus(Duration.ofHours(2)))
                    .set(TASKS.DEADLINE, tx.now().minus(Duration.ofHours(1)))
                    .where(TASKS.ID.eq(last))
                    .execute());
    add(one, last);
    worker.claim(1);

    worker.succeed(one);

    assertThat(worker.claim(1)).containsExactly(last);
  }

  @Test
  void whatIsScheduledLaterWaitsForItsTime() {
    UUID one = enqueue();
    UUID last = enqueue();
    plinth
        .as(alice)
        .run(
            tx ->
                tx.dsl()
                    .update(TASKS)
                    .set(TASKS.STATUS, TaskStatus.SCHEDULED)
                    .set(TASKS.SCHEDULED_AT, tx.now().plus(Duration.ofHours(2)))
                    .where(TASKS.ID.eq(last))
                    .execute());
    add(one, last);
    worker.claim(1);

    worker.succeed(one);

    assertThat(areSatisfied(last)).isTrue();
    assertThat(worker.status(last)).isEqualTo(TaskStatus.SCHEDULED);
  }

  @Test
  void aCycleIsRefusedWithItsPath() {
    List<UUID> chain = IntStream.range(0, 4).mapToObj(i -> enqueue()).toList();
    for (int i = 1; i < 4; i++) {
      add(chain.get(i - 1), chain.get(i));
    }

    assertThatThrownBy(() -> add(chain.get(3), chain.get(0)))
        .isInstanceOfSatisfying(
            CycleException.class,
            cycle -> {
              assertThat(cycle.what()).isEqualTo("task");
              assertThat(cycle.path())
                  .containsExactly(
                      chain.get(0), chain.get(3), chain.get(2), chain.get(1), chain.get(0));
            });
    assertThatThrownBy(() -> add(chain.get(1), chain.get(1)))
        .isInstanceOfSatisfying(
            CycleException.class,
            cycle -> assertThat(cycle.path()).containsExactly(chain.get(1), chain.get(1)));
    assertThat(areSatisfied(chain.get(0))).isTrue();
  }

  @Test
  void aCycleWithinOneCallIsRefused() {
    UUID one = enqueue();
    UUID two = enqueue();

    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx ->
                            dependencies.addAll(
                                tx,
                                List.of(NewDependency.of(one, two), NewDependency.of(two, one)))))
        .isInstanceOf(CycleException.class);
  }

  @Test
  void whatHasBegunWaitsForNothingMore() {
    UUID one = enqueue();
    UUID running = enqueue();
    worker.claim(2);

    assertThatThrownBy(() -> add(one, running)).isInstanceOf(IllegalTransitionException.class);
    worker.succeed(running);
    assertThatThrownBy(() -> add(one, running)).isInstanceOf(IllegalTransitionException.class);
  }

  @Test
  void badEdgesAreRefused(Organization globex, Member carol) {
    UUID one = enqueue();
    UUID two = enqueue();
    UUID three = enqueue();
    UUID others = plinth.as(carol).call(tx -> ByHand.enqueue(tx, ByHand.define(tx, "others")));
    add(NewDependency.of(one, two).on(EdgeTerms.success().outputAs("result")));

    assertThatThrownBy(() -> add(one, two)).isInstanceOf(ConflictException.class);
    assertThatThrownBy(
            () -> add(NewDependency.of(three, two).on(EdgeTerms.success().outputAs("result"))))
        .isInstanceOf(ConflictException.class);
    assertThatThrownBy(() -> add(one, UUID.randomUUID())).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> add(others, two)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> add(one, others)).isInstanceOf(NotFoundException.class);
  }

  @Test
  void viewersAddNothingAndNobodyWritesAnEdgeByHand(
      Organization acme, @Role(MemberRole.VIEWER) Member bob) {
    UUID one = enqueue();
    UUID two = enqueue();
    String byHand =
        "INSERT INTO plinth_tasks.task_dependencies (organization_id, predecessor_id, successor_id)"
            + " VALUES (?, ?, ?)";
    String function =
        "SELECT * FROM plinth_tasks.add_dependencies(ARRAY[?::uuid], ARRAY[?::uuid], ARRAY['success'])";

    assertThatThrownBy(
            () -> plinth.as(bob).run(tx -> dependencies.add(tx, NewDependency.of(one, two))))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().fetch(function, one, two)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () -> plinth.as(alice).run(tx -> tx.dsl().execute(byHand, acme.id(), one, two)))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void nobodySettlesTheTasksOfAnother(Organization globex, Member carol) {
    UUID one = enqueue();
    String settle = "SELECT * FROM plinth_tasks.settle_successors(?, ARRAY[?::uuid])";

    assertThatThrownBy(
            () -> plinth.as(carol).run(tx -> tx.dsl().fetch(settle, alice.organizationId(), one)))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void edgesAreListedFromBothSides() {
    UUID one = enqueue();
    UUID two = enqueue();
    UUID last = enqueue();
    add(one, last);
    add(NewDependency.of(two, last).on(EdgeTerms.success().when("ok", true).outputAs("it")));
    worker.claim(1);
    worker.succeed(one);

    List<Dependency> before =
        plinth
            .as(alice)
            .read(tx -> dependencies.predecessors(tx, last, PageRequest.first(10)))
            .items();
    List<Dependency> after =
        plinth
            .as(alice)
            .read(tx -> dependencies.successors(tx, two, PageRequest.first(10)))
            .items();

    assertThat(before).extracting(Dependency::predecessor).containsExactly(one, two);
    assertThat(before.get(0).satisfiedAt()).isPresent();
    assertThat(before.get(1).satisfiedAt()).isEmpty();
    assertThat(after).containsExactly(before.get(1));
    assertThat(after.get(0).terms()).isEqualTo(EdgeTerms.success().when("ok", true).outputAs("it"));
  }

  private UUID enqueue() {
    return plinth.as(alice).call(tx -> ByHand.enqueue(tx, definition));
  }

  private void add(UUID predecessor, UUID successor) {
    add(NewDependency.of(predecessor, successor));
  }

  private void add(NewDependency dependency) {
    plinth.as(alice).run(tx -> dependencies.add(tx, dependency));
  }

  private boolean areSatisfied(UUID task) {
    return plinth.as(alice).read(tx -> dependencies.areSatisfied(tx, task));
  }

  private UUID taskOf(WorkflowRun run, String node) {
    return plinth
        .as(alice)
        .read(tx -> runs.tasks(tx, run.id(), PageRequest.first(10)).items().stream())
        .filter(task -> task.node().equals(node))
        .findFirst()
        .orElseThrow()
        .id();
  }

  private WorkflowRun started(String node) {
    NewWorkflow workflow = NewWorkflow.dag("alone").nodes(List.of(Node.of(node, name)));
    return plinth.as(alice).call(tx -> runs.start(tx, workflow, Map.of()));
  }

  private RunStatus status(WorkflowRun run) {
    return plinth.as(alice).read(tx -> runs.get(tx, run.id()).status());
  }

  private int unmet(UUID task) {
    return plinth.as(alice).read(tx -> new Tasks().get(tx, task).unmetDependencies());
  }
}
