package dev.plinth.tasks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.organization.OrganizationStatus;
import dev.plinth.base.organization.Organizations;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.RetryPolicy;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.tasks.workflow.NewWorkflow;
import dev.plinth.tasks.workflow.Node;
import dev.plinth.tasks.workflow.WorkflowRun;
import dev.plinth.tasks.workflow.WorkflowRuns;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What goes wrong around workers, and harms no other: locks, failures of the database and of the
 * host, other tenants, news that are none, closing.
 */
@PlinthTest(TasksModule.class)
@Timeout(120)
class TroubleTest {

  private Plinth plinth;
  private TestDatabase database;
  private Floor acme;
  private Floor globex;
  private Organization second;

  @BeforeEach
  void setUp(
      Plinth plinth,
      TestDatabase database,
      Organization acme,
      Member alice,
      Organization globex,
      Member carol) {
    this.plinth = plinth;
    this.database = database;
    this.acme = new Floor(plinth, alice);
    this.globex = new Floor(plinth, carol);
    this.second = globex;
    assertThat(alice.organizationId()).isEqualTo(acme.id());
    assertThat(carol.organizationId()).isEqualTo(globex.id());
  }

  static boolean within(int seconds, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      if (condition.getAsBoolean()) {
        return true;
      }
      LockSupport.parkNanos(50_000_000);
    }
    return condition.getAsBoolean();
  }

  private void sql(String... statements) throws Exception {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  private long number(String sql) throws Exception {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private void status(OrganizationStatus status) {
    Organizations organizations = new Organizations();
    plinth
        .asSystem("test")
        .run(
            tx -> {
              Organization now = organizations.get(tx, second.id());
              organizations.setStatus(tx, now.id(), now.version(), status);
            });
  }

  @Test
  void aSuspendedOrganizationHoldsUpNobody() throws Exception {
    globex.define(NewTaskDefinition.of("t1"));
    acme.define(NewTaskDefinition.of("t1"));
    List<NewTask> many =
        IntStream.range(0, 1000)
            .mapToObj(i -> NewTask.of("t1").delay(Duration.ofMillis(500)))
            .toList();
    globex.enqueueAll(many);
    status(OrganizationStatus.SUSPENDED);
    UUID mine = acme.enqueue(NewTask.of("t1").delay(Duration.ofSeconds(1)));
    String commits =
        "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()";
    try (Host host = Host.start(database, w -> w.handler("t1", t -> null))) {
      within(4, () -> false);
      long before = number(commits);
      boolean done = within(12, () -> acme.get(mine).status() == TaskStatus.SUCCEEDED);
      long after = number(commits);
      assertThat(done).isTrue();
    } finally {
      status(OrganizationStatus.ACTIVE);
      sql("DELETE FROM plinth_tasks.tasks");
    }
  }

  @Test
  void aLockedRowHoldsUpOnlyItself() throws Exception {
    globex.define(NewTaskDefinition.of("t2slow"));
    acme.define(NewTaskDefinition.of("t2quick").retry(RetryPolicy.standard().attempts(3)));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    UUID slow = globex.enqueue(NewTask.of("t2slow"));
    TaskHandler waits =
        t -> {
          begun.countDown();
          go.await();
          return null;
        };
    try (Host host =
            Host.start(
                database,
                w ->
                    w.takeover(Duration.ofSeconds(3))
                        .handler("t2slow", waits)
                        .handler(
                            "t2quick",
                            t -> {
                              calls.incrementAndGet();
                              return null;
                            }));
        Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      begun.await();
      connection.setAutoCommit(false);
      statement.execute(
          "SELECT FROM plinth_tasks.tasks WHERE id = '" + slow + "' FOR NO KEY UPDATE");
      go.countDown();
      within(1, () -> false);
      UUID quick = acme.enqueue(NewTask.of("t2quick"));
      within(25, () -> calls.get() >= 4 || acme.get(quick).status().isFinal());
      Task before = acme.get(quick);
      connection.rollback();
      Task end = acme.awaitEnd(quick);
      assertThat(calls.get()).isEqualTo(1);
      assertThat(end.status()).isEqualTo(TaskStatus.SUCCEEDED);
    }
  }

  @Test
  void whatTelemetryThrowsChangesNothing() {
    acme.define(NewTaskDefinition.of("t3").retry(RetryPolicy.never()));
    AtomicInteger calls = new AtomicInteger();
    AtomicInteger claims = new AtomicInteger();
    TaskTelemetry broken =
        new TaskTelemetry() {
          @Override
          public void claimed(int count) {
            if (claims.incrementAndGet() == 1) {
              throw new IllegalStateException("registry is closed");
            }
          }
        };
    UUID id = acme.enqueue(NewTask.of("t3"));
    try (Host host =
        Host.start(
            database,
            w ->
                w.takeover(Duration.ofSeconds(2))
                    .telemetry(broken)
                    .handler(
                        "t3",
                        t -> {
                          calls.incrementAndGet();
                          return null;
                        }))) {
      Task end = acme.awaitEnd(id);
      assertThat(end.status()).isEqualTo(TaskStatus.SUCCEEDED);
    }
  }

  @Test
  void whatTelemetryThrowsDoesNotEndTheFinisher() {
    acme.define(NewTaskDefinition.of("t3b"));
    TaskTelemetry broken =
        new TaskTelemetry() {
          @Override
          public void attemptEnded(String d, String o, Duration w, Duration t) {
            throw new IllegalStateException("registry is closed");
          }

          @Override
          public void leaseLost(String definition) {
            throw new IllegalStateException("registry is closed");
          }
        };
    UUID first = acme.enqueue(NewTask.of("t3b"));
    try (Host host = Host.start(database, w -> w.telemetry(broken).handler("t3b", t -> null))) {
      acme.awaitEnd(first);
      within(1, () -> false);
      UUID next = acme.enqueue(NewTask.of("t3b"));
      boolean done = within(10, () -> acme.get(next).status() == TaskStatus.SUCCEEDED);
      boolean finisher =
          Thread.getAllStackTraces().keySet().stream()
              .anyMatch(t -> t.getName().equals("plinth-task-finisher"));
      assertThat(done).isTrue();
    }
  }

  @Test
  void aSnoozeForeverEndsTheAttempt() {
    acme.define(NewTaskDefinition.of("t4").timeout(Duration.ofSeconds(1)));
    UUID id = acme.enqueue(NewTask.of("t4"));
    try (Host host =
        Host.start(
            database,
            w ->
                w.takeover(Duration.ofSeconds(3))
                    .handler(
                        "t4",
                        t -> {
                          throw new SnoozedException(ChronoUnit.FOREVER.getDuration());
                        }))) {
      boolean began = within(10, () -> acme.get(id).status() == TaskStatus.RUNNING);
      boolean ended = within(15, () -> acme.get(id).status() != TaskStatus.RUNNING);
      assertThat(ended).isTrue();
    } finally {
      acme.cancel(id);
    }
  }

  @Test
  void aCancelIsNotForgottenWhenTheWorkerCloses() throws Exception {
    acme.define(NewTaskDefinition.of("t5"));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch stopping = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    UUID id = acme.enqueue(NewTask.of("t5"));
    TaskHandler polite =
        t -> {
          begun.countDown();
          while (!t.stopping()) {
            Thread.onSpinWait();
          }
          stopping.countDown();
          while (go.getCount() > 0) {
            Thread.onSpinWait();
          }
          return null;
        };
    Host host = Host.start(database, w -> w.handler("t5", polite));
    begun.await();
    Thread closing = new Thread(host::close);
    closing.start();
    stopping.await();
    acme.cancel(id);
    go.countDown();
    closing.join();
    Task between = acme.get(id);
    AtomicInteger again = new AtomicInteger();
    try (Host other =
        Host.start(
            database,
            w ->
                w.handler(
                    "t5",
                    t -> {
                      again.incrementAndGet();
                      return null;
                    }))) {
      Task end = acme.awaitEnd(id);
      assertThat(end.status()).isEqualTo(TaskStatus.CANCELLED);
    }
  }

  @Test
  void whatNobodyOfAQueueKnowsRests() {
    acme.define(NewTaskDefinition.of("t6").handler("t6h").queue("q6a"));
    AtomicInteger aside = new AtomicInteger();
    TaskTelemetry counting =
        new TaskTelemetry() {
          @Override
          public void unhandled(String handler) {
            aside.incrementAndGet();
          }
        };
    acme.enqueue(NewTask.of("t6"));
    try (Host a =
            Host.start(
                database, w -> w.queues("q6a").telemetry(counting).handler("t6x", t -> null));
        Host b = Host.start(database, w -> w.queues("q6b").handler("t6h", t -> null))) {
      within(10, () -> aside.get() > 20);
      assertThat(aside.get()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void whoHasMuchDoesNotStarveOthers() throws Exception {
    acme.define(NewTaskDefinition.of("t7"));
    globex.define(NewTaskDefinition.of("t7"));
    acme.enqueueAll(IntStream.range(0, 3000).mapToObj(i -> NewTask.of("t7")).toList());
    UUID other = globex.enqueue(NewTask.of("t7").delay(Duration.ofHours(1)));
    AtomicInteger done = new AtomicInteger();
    try (Host host =
        Host.start(
            database,
            w ->
                w.concurrency(1)
                    .handler(
                        "t7",
                        t -> {
                          LockSupport.parkNanos(10_000_000);
                          done.incrementAndGet();
                          return null;
                        }))) {
      within(20, () -> done.get() > 20);
      // As the upkeep of another worker, or an enqueue that no listener hears, leaves it.
      sql(
          "UPDATE plinth_tasks.tasks SET status = 'pending', scheduled_at = now() - interval '1 day',"
              + " turn_at = now() - interval '1 day' WHERE id = '"
              + other
              + "'");
      int from = done.get();
      boolean begun = within(15, () -> globex.get(other).status() != TaskStatus.PENDING);
      sql("DELETE FROM plinth_tasks.tasks WHERE status = 'pending' AND id <> '" + other + "'");
      boolean after = within(10, () -> globex.get(other).status() != TaskStatus.PENDING);
      assertThat(begun).isTrue();
    }
  }

  @Test
  void whatIsClaimedWhileClosingIsGivenBack() throws Exception {
    acme.define(NewTaskDefinition.of("t8").retry(RetryPolicy.never()));
    AtomicInteger calls = new AtomicInteger();
    TaskHandler counts =
        t -> {
          calls.incrementAndGet();
          return null;
        };
    acme.awaitEnd(warm(counts));
    UUID id = acme.enqueue(NewTask.of("t8").delay(Duration.ofHours(1)));
    Host host =
        Host.start(
            database,
            w ->
                w.takeover(Duration.ofSeconds(30))
                    .polling(Duration.ofMinutes(5))
                    .handler("t8", counts));
    acme.awaitEnd(acme.enqueue(NewTask.of("t8")));
    within(2, () -> false);
    int before = calls.get();
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE plinth_tasks.task_definitions");
      sql(
          "UPDATE plinth_tasks.tasks SET status = 'pending', scheduled_at = now(), turn_at = now() WHERE id = '"
              + id
              + "'",
          "SELECT pg_notify('plinth_tasks', organization_id || ':default') FROM plinth_tasks.tasks WHERE id = '"
              + id
              + "'");
      boolean waits =
          within(
              10,
              () -> {
                try {
                  return number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0;
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      Thread closing = new Thread(host::close);
      closing.start();
      within(2, () -> false);
      connection.rollback();
      closing.join();
    }
    Task closed = acme.get(id);
    try (Host other =
        Host.start(database, w -> w.takeover(Duration.ofSeconds(3)).handler("t8", counts))) {
      boolean ended = within(40, () -> acme.get(id).status().isFinal());
      Task end = acme.get(id);
      assertThat(end.status()).isEqualTo(TaskStatus.SUCCEEDED);
    }
  }

  private UUID warm(TaskHandler handler) {
    UUID id = acme.enqueue(NewTask.of("t8"));
    try (Host host = Host.start(database, w -> w.handler("t8", handler))) {
      acme.awaitEnd(id);
    }
    return id;
  }

  @Test
  void aPassingTroubleDoesNotMakeASuccessDead() throws Exception {
    acme.define(NewTaskDefinition.of("t9"));
    sql(
        "CREATE SEQUENCE public.flaky",
        "CREATE FUNCTION public.flaky() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN"
            + " IF NEW.status = 'succeeded' AND nextval('public.flaky') = 1 THEN"
            + " RAISE EXCEPTION 'canceling statement due to statement timeout' USING ERRCODE = '57014';"
            + " END IF; RETURN NEW; END $$",
        "CREATE TRIGGER flaky BEFORE UPDATE ON plinth_tasks.tasks FOR EACH ROW EXECUTE FUNCTION public.flaky()");
    UUID id = acme.enqueue(NewTask.of("t9"));
    try (Host host = Host.start(database, w -> w.handler("t9", t -> Map.of("paid", 100)))) {
      Task end = acme.awaitEnd(id);
      assertThat(end.status()).isEqualTo(TaskStatus.SUCCEEDED);
    } finally {
      sql("DROP TRIGGER flaky ON plinth_tasks.tasks");
    }
  }

  @Test
  void twoTasksAddToTheirRunInTheTransactionThatCompletesThem() {
    acme.define(NewTaskDefinition.of("t10").retry(RetryPolicy.never()));
    acme.define(NewTaskDefinition.of("t10more"));
    WorkflowRuns runs = new WorkflowRuns();
    CyclicBarrier both = new CyclicBarrier(2);
    WorkflowRun run =
        plinth
            .as(acme.member())
            .call(
                tx ->
                    runs.start(
                        tx,
                        NewWorkflow.parallel(
                            "t10", List.of(Node.of("a", "t10"), Node.of("b", "t10"))),
                        Map.of()));
    TaskHandler adds =
        t ->
            t.inTransaction(
                tx -> {
                  both.await(10, TimeUnit.SECONDS);
                  String node = t.node().orElseThrow();
                  runs.add(
                      tx,
                      t.runId().orElseThrow(),
                      NewWorkflow.parallel("more", List.of(Node.of(node + "more", "t10more"))));
                  return "added";
                });
    try (Host host =
        Host.start(database, w -> w.handler("t10", adds).handler("t10more", t -> null))) {
      within(
          30,
          () -> {
            WorkflowRun seen = plinth.as(acme.member()).read(tx -> runs.get(tx, run.id()));
            return seen.finishedAtOrNull() != null;
          });
      WorkflowRun end = plinth.as(acme.member()).read(tx -> runs.get(tx, run.id()));
      List<String> errors =
          plinth
              .as(acme.member())
              .read(
                  tx ->
                      tx.dsl()
                          .fetch(
                              "SELECT concat_ws(' ', node, status, error_type, left(error_message, 80))"
                                  + " FROM plinth_tasks.tasks WHERE run_id = ?",
                              run.id())
                          .getValues(0, String.class));
      assertThat(errors.toString()).doesNotContain("dead");
    }
  }

  @Test
  void aHandlerThatGoesOnAfterItsTransactionKeepsNothingElse() {
    acme.define(NewTaskDefinition.of("t11").timeout(Duration.ofSeconds(1)));
    CountDownLatch never = new CountDownLatch(1);
    UUID first = acme.enqueue(NewTask.of("t11"));
    try (Host host =
        Host.start(
            database,
            w ->
                w.concurrency(1)
                    .takeover(Duration.ofSeconds(3))
                    .handler(
                        "t11",
                        t -> {
                          t.inTransaction(tx -> "done");
                          never.await();
                          return null;
                        }))) {
      acme.awaitEnd(first);
      UUID next = acme.enqueue(NewTask.of("t11"));
      boolean taken = within(5, () -> acme.get(next).status() == TaskStatus.RUNNING);
      try (Host other =
          Host.start(database, w -> w.takeover(Duration.ofSeconds(3)).handler("t11", t -> null))) {
        boolean done = within(15, () -> acme.get(next).status().isFinal());
        assertThat(done).isTrue();
      } finally {
        never.countDown();
      }
    }
  }

  @Test
  void limitsLeaveHalfToTheRest() {
    acme.define(NewTaskDefinition.of("t12l").atMost(100));
    acme.define(NewTaskDefinition.of("t12u"));
    acme.enqueueAll(IntStream.range(0, 300).mapToObj(i -> NewTask.of("t12l")).toList());
    AtomicInteger done = new AtomicInteger();
    TaskHandler slow =
        t -> {
          LockSupport.parkNanos(100_000_000);
          done.incrementAndGet();
          return null;
        };
    try (Host host =
        Host.start(
            database, w -> w.concurrency(1).handler("t12l", slow).handler("t12u", t -> null))) {
      within(20, () -> done.get() >= 5);
      UUID free = acme.enqueue(NewTask.of("t12u"));
      boolean begun = within(15, () -> acme.get(free).status() != TaskStatus.PENDING);
      assertThat(begun).isTrue();
    }
  }

  @Test
  void nonsenseOnTheChannelHoldsUpNobody() throws Exception {
    acme.define(NewTaskDefinition.of("t13"));
    try (Host host =
        Host.start(database, w -> w.polling(Duration.ofSeconds(1)).handler("t13", t -> null))) {
      acme.awaitEnd(acme.enqueue(NewTask.of("t13")));
      sql(
          "SELECT pg_notify('plinth_tasks', gen_random_uuid() || ':default') FROM generate_series(1, 100)");
      within(1, () -> false);
      UUID id = acme.enqueue(NewTask.of("t13"));
      boolean done = within(15, () -> acme.get(id).status() == TaskStatus.SUCCEEDED);
      assertThat(done).isTrue();
    }
  }
}
