package dev.plinth.tasks.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.ConcurrentUpdateException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.CycleException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two who do something at the same time; one waits for the lock of the other, for certain. */
@PlinthTest(TasksModule.class)
class DependencyRacesTest {

  private static final int THREADS = 10;

  /** How many tasks come before themselves. */
  private static final String IN_CYCLES =
      """
      WITH RECURSIVE reached AS (
        SELECT predecessor_id AS from_id, successor_id AS id FROM plinth_tasks.task_dependencies WHERE organization_id = ?
        UNION
        SELECT r.from_id, d.successor_id FROM reached r
        JOIN plinth_tasks.task_dependencies d ON d.organization_id = ? AND d.predecessor_id = r.id)
      SELECT count(*) FROM reached WHERE id = from_id
      """;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private Plinth plinth;
  private TestDatabase database;
  private TaskDependencies dependencies;
  private WorkflowRuns runs;
  private Member alice;
  private ByHand worker;
  private UUID definition;

  @BeforeEach
  void prepare(
      Plinth plinth,
      TestDatabase database,
      TaskDependencies dependencies,
      WorkflowRuns runs,
      Organization acme,
      Member alice) {
    this.plinth = plinth;
    this.database = database;
    this.dependencies = dependencies;
    this.runs = runs;
    this.alice = alice;
    this.worker = new ByHand(plinth, acme.id());
    this.definition = plinth.as(alice).call(tx -> ByHand.define(tx, "work"));
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void whoAddsAnEdgeWhileThePredecessorEndsSeesThatItEnded() throws Exception {
    UUID one = enqueue();
    UUID last = enqueue();
    worker.claim(1);

    List<Future<?>> both =
        oneAfterTheOther(
            asWorker(tx -> worker.end(tx, "succeeded", "{}", one)),
            asAlice(tx -> dependencies.add(tx, NewDependency.of(one, last))));

    both.get(1).get();
    assertThat(worker.claim(10)).containsExactly(last);
  }

  @Test
  void whatEndsWhileAnEdgeIsAddedSeesTheEdge() throws Exception {
    UUID one = enqueue();
    UUID last = enqueue();
    worker.claim(1);

    List<Future<?>> both =
        oneAfterTheOther(
            asAlice(tx -> dependencies.add(tx, NewDependency.of(one, last))),
            asWorker(tx -> worker.end(tx, "succeeded", "{}", one)));

    both.get(1).get();
    assertThat(worker.claim(10)).containsExactly(last);
  }

  @Test
  void twoThatEndAtOnceBothCount() throws Exception {
    UUID one = enqueue();
    UUID two = enqueue();
    UUID last = enqueue();
    plinth
        .as(alice)
        .run(
            tx ->
                dependencies.addAll(
                    tx, List.of(NewDependency.of(one, last), NewDependency.of(two, last))));
    worker.claim(2);

    List<Future<?>> both =
        oneAfterTheOther(
            asWorker(tx -> worker.end(tx, "succeeded", "{}", one)),
            asWorker(tx -> worker.end(tx, "succeeded", "{}", two)));

    both.get(1).get();
    assertThat(worker.claim(10)).containsExactly(last);
  }

  @Test
  void ofTheTwoLastTasksOfARunTheSecondEndsIt() throws Exception {
    WorkflowRun run = startParallel();
    List<UUID> tasks = worker.claim(2);

    List<Future<?>> both =
        oneAfterTheOther(
            asWorker(tx -> worker.end(tx, "succeeded", "{}", tasks.get(0))),
            asWorker(tx -> worker.end(tx, "succeeded", "{}", tasks.get(1))));

    both.get(1).get();
    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void aRunDoesNotEndWhileATaskOfItAddsMore() throws Exception {
    WorkflowRun run = startParallel();
    List<UUID> tasks = worker.claim(2);
    worker.succeed(tasks.get(0));

    List<Future<?>> both =
        oneAfterTheOther(
            asAlice(
                tx ->
                    runs.add(
                        tx,
                        run.id(),
                        NewWorkflow.parallel("more", List.of(Node.of("third", "work"))))),
            asWorker(tx -> worker.end(tx, "succeeded", "{}", tasks.get(1))));

    both.get(1).get();
    assertThat(get(run).status()).isEqualTo(RunStatus.RUNNING);
    assertThat(worker.drain(Map.of())).containsExactly("third");
    assertThat(get(run).status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void aTaskThatIsClaimedWhileItsRunIsStoppedIsAskedToStop() throws Exception {
    WorkflowRun run = startParallel();
    UUID first = worker.claim(1).get(0);

    List<Future<?>> both =
        oneAfterTheOther(
            asWorker(
                tx ->
                    tx.dsl()
                        .execute(
                            "UPDATE plinth_tasks.tasks SET status = 'running', started_at = now(),"
                                + " lease_token = id, lease_worker = 'w', lease_until = now()"
                                + " WHERE organization_id = ? AND run_id = ? AND status = 'pending'",
                            tx.organizationId(),
                            run.id())),
            asWorker(tx -> worker.end(tx, "dead", null, first)));

    both.get(1).get();
    RunProgress progress = plinth.as(alice).read(tx -> runs.progress(tx, run.id()));
    assertThat(progress.tasks()).containsEntry(TaskStatus.RUNNING, 1);
    List<UUID> asked =
        plinth
            .as(alice)
            .read(
                tx ->
                    tx.dsl()
                        .fetch(
                            "SELECT id FROM plinth_tasks.tasks WHERE organization_id = ? AND run_id = ?"
                                + " AND cancel_requested_at IS NOT NULL",
                            tx.organizationId(),
                            run.id())
                        .getValues(0, UUID.class));
    assertThat(asked).hasSize(1);
    worker.stopAsAsked(asked.get(0));
    assertThat(get(run).status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void ofTwoThatCloseACycleTogetherOneIsRefused() throws Exception {
    for (int round = 0; round < 10; round++) {
      List<UUID> four = IntStream.range(0, 4).mapToObj(i -> enqueue()).toList();
      plinth
          .as(alice)
          .run(
              tx ->
                  dependencies.addAll(
                      tx,
                      List.of(
                          NewDependency.of(four.get(0), four.get(1)),
                          NewDependency.of(four.get(2), four.get(3)))));
      CyclicBarrier together = new CyclicBarrier(2);

      List<Throwable> failures =
          atOnce(
              List.of(
                  adding(four.get(1), four.get(2), together),
                  adding(four.get(3), four.get(0), together)));

      assertThat(failures).singleElement().isInstanceOf(CycleException.class);
    }
  }

  @Test
  void aSnapshotFromBeforeTheOtherHalfClosesNoCycle() throws Exception {
    List<UUID> three = IntStream.range(0, 3).mapToObj(i -> enqueue()).toList();
    add(three.get(0), three.get(1));

    try (Connection connection = database.host().getConnection()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      assertThatThrownBy(() -> closeFromAnOldSnapshot(connection, three))
          .isInstanceOf(ConcurrentUpdateException.class);
      connection.rollback();
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }

    assertThat(inCycles()).isZero();
  }

  private void closeFromAnOldSnapshot(Connection connection, List<UUID> three) throws Exception {
    plinth
        .as(alice)
        .join(
            connection,
            tx -> {
              assertThat(dependencies.areSatisfied(tx, three.get(0))).isTrue();
              threads.submit(() -> add(three.get(1), three.get(2))).get();
              dependencies.add(tx, NewDependency.of(three.get(2), three.get(0)));
              return three;
            });
  }

  @Test
  void tenThreadsThatAddAtRandomMakeNoCycle() throws Exception {
    List<UUID> all = IntStream.range(0, 12).mapToObj(i -> enqueue()).toList();
    List<Callable<Void>> work = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(i);
      work.add(
          () -> {
            for (int turn = 0; turn < 15; turn++) {
              wander(all.get(random.nextInt(all.size())), all.get(random.nextInt(all.size())));
            }
            return null;
          });
    }

    assertThat(atOnce(work)).isEmpty();

    assertThat(inCycles()).isZero();
    assertThat(edges()).isGreaterThan(12);
  }

  /** What is refused is refused for a cycle or as known already, and never for a deadlock. */
  private void wander(UUID predecessor, UUID successor) {
    try {
      add(predecessor, successor);
    } catch (CycleException | ConflictException e) {
      assertThat(e).isNotNull();
    }
  }

  private Callable<Void> adding(UUID predecessor, UUID successor, CyclicBarrier together) {
    return () -> {
      plinth
          .as(alice)
          .run(
              tx -> {
                together.await();
                dependencies.add(tx, NewDependency.of(predecessor, successor));
              });
      return null;
    };
  }

  private List<Throwable> atOnce(List<Callable<Void>> work) throws Exception {
    List<Throwable> failures = new ArrayList<>();
    for (Future<Void> future : threads.invokeAll(work)) {
      try {
        future.get();
      } catch (ExecutionException e) {
        failures.add(e.getCause());
      }
    }
    return failures;
  }

  /** The first goes on only when the second waits for it, so that they overlap for certain. */
  private List<Future<?>> oneAfterTheOther(Step first, Step second) throws Exception {
    CountDownLatch firstIsIn = new CountDownLatch(1);
    CountDownLatch secondWaits = new CountDownLatch(1);
    Future<?> one =
        threads.submit(
            () -> {
              first.run(
                  () -> {
                    firstIsIn.countDown();
                    secondWaits.await();
                    return null;
                  });
              return null;
            });
    Eventually.is("the first is in", () -> firstIsIn.getCount() == 0 || one.isDone());
    Future<?> two =
        threads.submit(
            () -> {
              second.run(() -> null);
              return null;
            });
    Eventually.is("the second waits for a lock", () -> somebodyWaits() || one.isDone());
    secondWaits.countDown();
    one.get();
    return List.of(one, two);
  }

  private boolean somebodyWaits() {
    try (Connection connection = database.superuser().getConnection();
        ResultSet waiting =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND wait_event_type = 'Lock'")) {
      return waiting.next() && waiting.getInt(1) > 0;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Work of a transaction, and what happens before it commits. */
  private interface Step {
    void run(Callable<Void> beforeCommit) throws Exception;
  }

  private interface Work {
    void run(TenantTx tx);
  }

  private Step asWorker(Work work) {
    return before ->
        plinth
            .asService(alice.organizationId(), "worker")
            .run(
                tx -> {
                  work.run(tx);
                  before.call();
                });
  }

  private Step asAlice(Work work) {
    return before ->
        plinth
            .as(alice)
            .run(
                tx -> {
                  work.run(tx);
                  before.call();
                });
  }

  private WorkflowRun startParallel() {
    NewWorkflow two =
        NewWorkflow.parallel("two", List.of(Node.of("first", "work"), Node.of("second", "work")));
    return plinth.as(alice).call(tx -> runs.start(tx, two, Map.of()));
  }

  private WorkflowRun get(WorkflowRun run) {
    return plinth.as(alice).read(tx -> runs.get(tx, run.id()));
  }

  private void add(UUID predecessor, UUID successor) {
    plinth.as(alice).run(tx -> dependencies.add(tx, NewDependency.of(predecessor, successor)));
  }

  private UUID enqueue() {
    return plinth.as(alice).call(tx -> ByHand.enqueue(tx, definition));
  }

  private int inCycles() {
    UUID organization = alice.organizationId();
    return plinth
        .as(alice)
        .read(tx -> tx.dsl().fetchSingle(IN_CYCLES, organization, organization).get(0, int.class));
  }

  private int edges() {
    return plinth
        .as(alice)
        .read(
            tx ->
                tx.dsl()
                    .fetchSingle(
                        "SELECT count(*) FROM plinth_tasks.task_dependencies WHERE organization_id = ?",
                        tx.organizationId())
                    .get(0, int.class));
  }
}
