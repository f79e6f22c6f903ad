package dev.plinth.tasks.workflow;

import static dev.plinth.tasks.jooq.Tables.WORKFLOW_RUNS;
import static java.time.temporal.ChronoUnit.DAYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.TaskFilter;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs go whole, long after they were over, and never before. */
@PlinthTest(TasksModule.class)
class RunRetentionTest {

  private static final String JOB = "tasks.run-retention";
  private static final PageRequest PAGE = PageRequest.first(1000);

  /** In the future, because the database makes the ids of runs by its own clock. */
  private static final Instant NOON = Instant.now().plus(Duration.ofDays(2)).truncatedTo(DAYS);

  private static final Instant SOON = NOON.plus(Duration.ofDays(20));
  private static final Instant OLD = NOON.plus(RunRetention.FINISHED).plusSeconds(2);
  private static final Instant OLDER = NOON.plus(RunRetention.FAILED).plusSeconds(2);
  private static final NewWorkflow CHAIN = NewWorkflow.sequence("chain", node("a"), node("b"));

  private final TaskDependencies dependencies = new TaskDependencies();
  private Plinth plinth;
  private WorkflowRuns runs;
  private SettableClock clock;
  private TestDatabase database;
  private Member alice;
  private ByHand worker;

  @BeforeEach
  void prepare(
      Plinth plinth,
      WorkflowRuns runs,
      SettableClock clock,
      TestDatabase database,
      Organization acme,
      Member alice) {
    this.plinth = plinth;
    this.runs = runs;
    this.clock = clock;
    this.database = database;
    this.alice = alice;
    this.worker = new ByHand(plinth, acme.id());
    plinth.as(alice).run(tx -> ByHand.define(tx, "work"));
    clock.freezeAt(NOON);
  }

  @AfterEach
  void reset() {
    clock.reset();
  }

  @Test
  void oldRunsGoWithTasksAndEdgesAndYoungOnesStayWhole() {
    WorkflowRun old = done(CHAIN, Map.of());
    WorkflowRun failed = done(CHAIN, Map.of("a", "dead"));
    WorkflowRun cancelled = start(CHAIN);
    plinth.as(alice).run(tx -> runs.cancel(tx, cancelled.id()));
    clock.freezeAt(SOON);
    WorkflowRun young = start(CHAIN);
    depend(task(old, "b"), task(young, "a"));
    depend(task(old, "a"), task(young, "b"));
    worker.drain(Map.of());
    assertThat(edges(young)).isEqualTo(3);

    clock.freezeAt(OLD);
    plinth.jobs().runNow(JOB);

    assertThat(there()).containsExactly(failed.id(), young.id());
    assertThat(tasks(old)).isEmpty();
    assertThat(tasks(cancelled)).isEmpty();
    assertThat(tasks(failed)).hasSize(2);
    assertThat(tasks(young)).hasSize(2);
    assertThat(edges(young)).isEqualTo(1);
    RunProgress progress = plinth.as(alice).read(tx -> runs.progress(tx, young.id()));
    assertThat(progress.percent()).isEqualTo(100);

    clock.freezeAt(OLDER);
    plinth.jobs().runNow(JOB);
    assertThat(there()).isEmpty();
    assertThat(allTasks()).isEmpty();
  }

  @Test
  void whatIsBehindARunThatStaysGoesAlone() {
    WorkflowRun failed = start(NewWorkflow.parallel("alone", List.of(node("x"))));
    WorkflowRun old = start(CHAIN);
    NewDependency after =
        NewDependency.of(task(failed, "x"), task(old, "b")).on(EdgeTerms.completion());
    plinth.as(alice).run(tx -> dependencies.add(tx, after));
    worker.drain(Map.of("x", "dead"));

    clock.freezeAt(OLD);
    plinth.jobs().runNow(JOB);

    assertThat(there()).containsExactly(failed.id());
    assertThat(tasks(failed)).hasSize(1);
    assertThat(edges(failed)).isZero();
  }

  @Test
  void aRunStaysWhileSomethingThatHasNotEndedDependsOnIt() {
    WorkflowRun old = done(CHAIN, Map.of());
    clock.freezeAt(SOON);
    WorkflowRun waiting = start(CHAIN);
    depend(task(old, "b"), task(waiting, "b"));

    clock.freezeAt(OLD);
    plinth.jobs().runNow(JOB);
    assertThat(there()).containsExactly(old.id(), waiting.id());
    assertThat(edges(waiting)).isEqualTo(2);

    worker.drain(Map.of());
    plinth.jobs().runNow(JOB);
    assertThat(there()).containsExactly(waiting.id());
    assertThat(edges(waiting)).isEqualTo(1);
  }

  @Test
  void whatIsNotOverStaysHoweverOldItIs() {
    WorkflowRun running = start(CHAIN);
    assertThat(worker.claim(1)).hasSize(1);
    WorkflowRun failed = done(NewWorkflow.sequence("dead", node("x")), Map.of("x", "dead"));
    UUID dead = task(failed, "x");
    plinth.as(alice).run(tx -> new Tasks().replay(tx, dead));

    clock.freezeAt(OLDER);
    plinth.jobs().runNow(JOB);
    plinth.jobs().runNow("tasks.task-retention");
    assertThat(there()).containsExactly(running.id(), failed.id());
    assertThat(tasks(running)).hasSize(2);

    worker.drain(Map.of());
    plinth.jobs().runNow(JOB);
    assertThat(there()).containsExactly(running.id(), failed.id());

    clock.freezeAt(OLDER.plus(RunRetention.FAILED).plusSeconds(2));
    plinth.jobs().runNow(JOB);
    assertThat(there()).containsExactly(running.id());
  }

  @Test
  void tasksGoWithTheirRunAndNotBeforeButThoseOfNoRunGoAsOthersDo() {
    WorkflowRun failed = done(CHAIN, Map.of("b", "dead"));
    UUID stray =
        plinth
            .as(alice)
            .call(
                tx ->
                    new Tasks()
                        .enqueue(tx, NewTask.of("work").partOf(UUID.randomUUID(), "stray"))
                        .id());
    worker.drain(Map.of());

    clock.freezeAt(OLD);
    plinth.jobs().runNow("tasks.task-retention");

    assertThat(tasks(failed)).hasSize(2);
    assertThat(allTasks()).doesNotContain(stray);
    plinth.as(alice).run(tx -> runs.replay(tx, failed.id()));
    assertThat(worker.drain(Map.of())).containsExactly("b");
  }

  @Test
  void manyRunsAndLargeOnesOfAllOrganizationsGoInOnePass(Organization globex, Member gina)
      throws SQLException {
    plinth.as(gina).run(tx -> ByHand.define(tx, "work"));
    NewWorkflow one = NewWorkflow.sequence("one", node("x"));
    NewWorkflow large =
        NewWorkflow.parallel(
            "large", IntStream.range(0, 11_000).mapToObj(i -> node("n" + i)).toList());
    WorkflowRun kept = start(CHAIN);
    plinth.as(alice).run(tx -> IntStream.range(0, 250).forEach(i -> runs.start(tx, one, Map.of())));
    plinth.as(gina).run(tx -> runs.start(tx, large, Map.of()));
    String over = "status = 'succeeded', finished_at = '" + NOON + "'";
    change("UPDATE plinth_tasks.tasks SET " + over + " WHERE run_id <> '" + kept.id() + "'");
    change("UPDATE plinth_tasks.workflow_runs SET " + over + " WHERE id <> '" + kept.id() + "'");

    clock.freezeAt(OLD);
    plinth.jobs().runNow(JOB);

    assertThat(there()).containsExactly(kept.id());
    assertThat(allTasks()).hasSize(2);
    List<UUID> ginas = plinth.as(gina).read(RunRetentionTest::allTasks);
    assertThat(ginas).isEmpty();
  }

  @Test
  void whatAnInterruptedJobBeganNobodySeesAndTheNextOneEnds() throws SQLException {
    WorkflowRun begun = done(CHAIN, Map.of("a", "dead"));
    change(
        "UPDATE plinth_tasks.workflow_runs SET deleted_at = now() WHERE id = '" + begun.id() + "'");

    assertThat(there()).isEmpty();
    assertThatThrownBy(() -> plinth.as(alice).run(tx -> runs.replay(tx, begun.id())))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx ->
                            tx.dsl().fetch("SELECT * FROM plinth_tasks.replay_run(?)", begun.id())))
        .isInstanceOf(NotFoundException.class);
    clock.freezeAt(OLDER);
    plinth.jobs().runNow(JOB);

    assertThat(allTasks()).isEmpty();
    Integer left = plinth.as(alice).read(tx -> tx.dsl().fetchCount(WORKFLOW_RUNS));
    assertThat(left).isZero();
  }

  @Test
  void aRunThatSomebodyHasLockedHoldsUpNoOther() throws SQLException {
    WorkflowRun locked = done(CHAIN, Map.of());
    done(CHAIN, Map.of());
    clock.freezeAt(OLD);

    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          "SELECT FROM plinth_tasks.workflow_runs WHERE id = '" + locked.id() + "' FOR UPDATE");
      plinth.jobs().runNow(JOB);
      assertThat(there()).containsExactly(locked.id());
      connection.rollback();
    }

    plinth.jobs().runNow(JOB);
    assertThat(there()).isEmpty();
  }

  @Test
  void aHostSaysHowLongRunsAreKept() {
    WorkflowRun succeeded = done(CHAIN, Map.of());
    WorkflowRun failed = done(CHAIN, Map.of("a", "dead"));
    RunRetention days = new RunRetention(Duration.ofDays(1), Duration.ofDays(2));
    try (Plinth host =
        Plinth.builder()
            .dataSource(database.host())
            .modules(new TasksModule(days))
            .clock(clock)
            .build()) {
      host.jobs().runNow(JOB);
      assertThat(there()).containsExactly(succeeded.id(), failed.id());

      clock.freezeAt(NOON.plus(Duration.ofDays(1)).plusSeconds(2));
      host.jobs().runNow(JOB);
      assertThat(there()).containsExactly(failed.id());

      clock.freezeAt(NOON.plus(Duration.ofDays(2)).plusSeconds(2));
      host.jobs().runNow(JOB);
      assertThat(there()).isEmpty();
    }
  }

  @Test
  void runsAreNotKeptForNoTime() {
    Duration day = Duration.ofDays(1);

    assertThatThrownBy(() -> new RunRetention(Duration.ZERO, day))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> new RunRetention(day, day.negated()))
        .isInstanceOf(InvalidValueException.class);
  }

  private WorkflowRun done(NewWorkflow graph, Map<String, String> outcomes) {
    WorkflowRun run = start(graph);
    worker.drain(outcomes);
    return run;
  }

  private WorkflowRun start(NewWorkflow graph) {
    return plinth.as(alice).call(tx -> runs.start(tx, graph, Map.of()));
  }

  private void depend(UUID predecessor, UUID successor) {
    plinth.as(alice).run(tx -> dependencies.add(tx, NewDependency.of(predecessor, successor)));
  }

  private UUID task(WorkflowRun run, String node) {
    List<RunTask> all = plinth.as(alice).read(tx -> runs.tasks(tx, run.id(), PAGE)).items();
    return all.stream().filter(task -> task.node().equals(node)).findFirst().orElseThrow().id();
  }

  /** The runs that one is shown, the oldest first. */
  private List<UUID> there() {
    List<WorkflowRun> all =
        plinth.as(alice).read(tx -> runs.list(tx, RunFilter.all(), PAGE)).items();
    List<UUID> ids = new ArrayList<>(all.stream().map(WorkflowRun::id).toList());
    Collections.reverse(ids);
    return ids;
  }

  /** By the tasks themselves: the run may be gone. */
  private List<Task> tasks(WorkflowRun run) {
    return plinth
        .as(alice)
        .read(tx -> new Tasks().list(tx, TaskFilter.all().run(run.id()), PAGE))
        .items();
  }

  private List<UUID> allTasks() {
    return plinth.as(alice).read(RunRetentionTest::allTasks);
  }

  private static List<UUID> allTasks(TenantTx tx) {
    return tx.dsl()
        .fetch("SELECT id FROM plinth_tasks.tasks WHERE organization_id = ?", tx.organizationId())
        .getValues(0, UUID.class);
  }

  /** How many lead to or from the tasks of a run. */
  private int edges(WorkflowRun run) {
    String count =
        """
        SELECT count(*)::integer FROM plinth_tasks.task_dependencies d
        WHERE d.organization_id = ? AND EXISTS (
          SELECT FROM plinth_tasks.tasks t WHERE t.organization_id = d.organization_id AND t.run_id = ?
            AND t.id IN (d.predecessor_id, d.successor_id))
        """;
    return plinth
        .as(alice)
        .read(
            tx -> tx.dsl().fetchSingle(count, tx.organizationId(), run.id()).get(0, Integer.class));
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Node node(String name) {
    return Node.of(name, "work");
  }
}
