package dev.plinth.tasks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.queue.AttemptOutcome;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one organization, or whoever may connect, does to the tasks of another: nothing. */
@PlinthTest(TasksModule.class)
@Timeout(120)
class NeighbourTest {

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final AtomicInteger calls = new AtomicInteger();
  private Floor loud;
  private Floor quiet;
  private TestDatabase database;

  @BeforeEach
  void setUp(
      Plinth plinth,
      TestDatabase database,
      Organization acme,
      Member alice,
      Organization globex,
      Member bob) {
    this.loud = new Floor(plinth, alice);
    this.quiet = new Floor(plinth, bob);
    this.database = database;
    loud.define(NewTaskDefinition.of("held").retry(Floor.SOON));
    quiet.define(NewTaskDefinition.of("short").retry(Floor.SOON));
  }

  private Host host(Duration takeover) {
    return Host.start(
        database,
        worker ->
            worker
                .takeover(takeover)
                .handler("short", task -> "done")
                .handler(
                    "held",
                    task -> {
                      calls.incrementAndGet();
                      begun.countDown();
                      mayEnd.await();
                      return "done";
                    }));
  }

  @Test
  void aRowThatSomebodyHasLockedHoldsUpNoOthersEnd() throws Exception {
    UUID held = loud.enqueue(NewTask.of("held"));
    try (Host host = host(Duration.ofSeconds(30));
        Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      begun.await();
      connection.setAutoCommit(false);
      statement.execute("SELECT FROM plinth_tasks.tasks WHERE id = '" + held + "' FOR UPDATE");
      mayEnd.countDown();

      UUID other = quiet.enqueue(NewTask.of("short"));
      assertThat(quiet.awaitEnd(other).status()).isEqualTo(TaskStatus.SUCCEEDED);
      assertThat(loud.get(held).status()).isEqualTo(TaskStatus.RUNNING);

      connection.rollback();
      assertThat(loud.awaitEnd(held).status()).isEqualTo(TaskStatus.SUCCEEDED);
      assertThat(loud.outcomes(held)).containsExactly(AttemptOutcome.SUCCEEDED);
      assertThat(calls).hasValue(1);
    }
  }

  @Test
  void newsThatAreNoneHoldUpNobodyAndCancelNothing(
      Plinth plinth, Organization acme, @Role(MemberRole.VIEWER) Member carol) throws Exception {
    UUID held = loud.enqueue(NewTask.of("held"));
    try (Host host = host(Duration.ofSeconds(30))) {
      begun.await();
      plinth
          .as(carol)
          .read(
              tx ->
                  tx.dsl()
                      .fetch(
                          "SELECT pg_notify('plinth_tasks', gen_random_uuid() || ':default')"
                              + " FROM generate_series(1, 500)"));
      plinth
          .as(carol)
          .read(
              tx ->
                  tx.dsl()
                      .fetch(
                          "SELECT pg_notify('plinth_tasks', ?)",
                          carol.organizationId() + ":cancel:" + held));

      UUID other = quiet.enqueue(NewTask.of("short"));
      assertThat(quiet.awaitEnd(other).status()).isEqualTo(TaskStatus.SUCCEEDED);
      mayEnd.countDown();
      assertThat(loud.awaitEnd(held).status()).isEqualTo(TaskStatus.SUCCEEDED);
    }
  }

  @Test
  void aTaskThatCannotBeClaimedHindersNoOtherOrganization() {
    loud.enqueue(NewTask.of("held"));
    loud.enqueue(NewTask.of("held").queue("slow"));
    loud.execute("UPDATE plinth_tasks.tasks SET attempt = 2147483647");
    UUID later = quiet.enqueue(NewTask.of("short").delay(Duration.ofMillis(1500)));
    try (Host host =
        Host.start(
            database,
            worker -> worker.queues("default", "slow").handler("short", task -> "done"))) {
      assertThat(quiet.awaitEnd(later).status()).isEqualTo(TaskStatus.SUCCEEDED);
    }
  }

  @Test
  void anUpkeepThatFailsInOneOrganizationHindersNoOther() throws SQLException {
    UUID poison = loud.enqueue(NewTask.of("held").delay(Duration.ofHours(1)));
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      // As nobody can write it but a superuser who takes the checks away: jOOQ reads no infinity.
      statement.execute("ALTER DOMAIN plinth_tasks.moment DROP CONSTRAINT moment_ck");
      statement.execute(
          "UPDATE plinth_tasks.tasks SET status = 'running', lease_token = gen_random_uuid(),"
              + " lease_worker = 'gone', lease_until = now() - interval '1 hour',"
              + " started_at = '-infinity' WHERE id = '"
              + poison
              + "'");
    }
    UUID later = quiet.enqueue(NewTask.of("short").delay(Duration.ofMillis(500)));
    try (Host host = host(Duration.ofSeconds(2))) {
      assertThat(quiet.awaitEnd(later).status()).isEqualTo(TaskStatus.SUCCEEDED);
      UUID now = quiet.enqueue(NewTask.of("short"));
      assertThat(quiet.awaitEnd(now).status()).isEqualTo(TaskStatus.SUCCEEDED);
    }
  }
}
