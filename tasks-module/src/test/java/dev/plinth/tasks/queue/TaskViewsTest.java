package dev.plinth.tasks.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.sql.UuidV7;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jooq.Record;
import org.jooq.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked in SQL: what may begin, what a task waits for, and how attempts went. */
@PlinthTest(TasksModule.class)
class TaskViewsTest {

  private static final String READY =
      "SELECT * FROM plinth_tasks.ready_tasks WHERE organization_id = ? ORDER BY turn_at, id";

  private static final String ANALYSIS =
      """
      SELECT p.*, extract(epoch FROM average_wait)::int AS wait, extract(epoch FROM median_wait)::int AS middle_wait,
        extract(epoch FROM p95_wait)::int AS long_wait, extract(epoch FROM average_run)::int AS run,
        extract(epoch FROM median_run)::int AS middle_run, extract(epoch FROM p95_run)::int AS long_run
      FROM plinth_tasks.tasks_performance_analysis p WHERE p.organization_id = ? ORDER BY p.definition
      """;

  private static final String SATISFIED = "SELECT plinth_tasks.are_task_dependencies_satisfied(?)";

  private Plinth plinth;
  private TestDatabase database;
  private SettableClock clock;
  private Tasks tasks;
  private Member alice;
  private UUID mail;
  private Instant now;

  @BeforeEach
  void define(
      Plinth plinth,
      TestDatabase database,
      SettableClock clock,
      TaskDefinitions definitions,
      Organization acme,
      Member alice) {
    this.plinth = plinth;
    this.database = database;
    this.clock = clock;
    this.tasks = new Tasks();
    this.alice = alice;
    this.now = clock.instant();
    this.mail =
        plinth.as(alice).call(tx -> definitions.define(tx, NewTaskDefinition.of("mail"))).id();
  }

  @AfterEach
  void reset() {
    clock.reset();
  }

  @Test
  void whatMayBeginIsListedInItsTurnAndNothingElse(TaskQueues queues) throws SQLException {
    List<UUID> ids =
        plinth
            .as(alice)
            .call(
                tx ->
                    tasks.enqueueAll(
                        tx,
                        List.of(
                            NewTask.of("mail"),
                            NewTask.of("mail").priority(Priority.CRITICAL),
                            NewTask.of("mail").delay(Duration.ofHours(1)),
                            NewTask.of("mail").queue("paused"),
                            NewTask.of("mail"),
                            NewTask.of("mail"),
                            NewTask.of("mail"))));
    set(ids.get(4), "unmet_dependencies = 1");
    set(ids.get(5), "unhandled_at = now()");
    set(ids.get(6), "status = 'succeeded', finished_at = now()");
    plinth.as(alice).run(tx -> queues.pause(tx, "paused"));

    Result<Record> ready = plinth.as(alice).read(tx -> tx.dsl().fetch(READY, tx.organizationId()));

    assertThat(ready.getValues("id", UUID.class)).containsExactly(ids.get(1), ids.get(0));
    assertThat(ready.getValues("definition", String.class)).containsOnly("mail");
  }

  @Test
  void whetherATaskWaitsForOthersIsAnsweredForOnesOwn(Organization globex, Member bob)
      throws SQLException {
    List<UUID> ids =
        plinth
            .as(alice)
            .call(tx -> tasks.enqueueAll(tx, List.of(NewTask.of("mail"), NewTask.of("mail"))));
    set(ids.get(1), "unmet_dependencies = 2");

    assertThat(satisfied(alice, ids.get(0))).isEqualTo("true");
    assertThat(satisfied(alice, ids.get(1))).isEqualTo("false");
    assertThat(satisfied(alice, UUID.randomUUID())).isEqualTo("null");
    assertThat(satisfied(bob, ids.get(0))).isEqualTo("null");
  }

  private String satisfied(Member member, UUID task) {
    return plinth
        .as(member)
        .read(tx -> String.valueOf(tx.dsl().fetchSingle(SATISFIED, task).get(0, Boolean.class)));
  }

  @Test
  void attemptsOfADayAreAnalysedByDefinition(TaskDefinitions definitions) {
    plinth.as(alice).run(tx -> definitions.define(tx, NewTaskDefinition.of("idle")));
    attempt("succeeded", 1, 1, 10);
    attempt("succeeded", 2, 2, 20);
    attempt("succeeded", 3, 3, 30);
    attempt("failed", 4, 4, 40);
    attempt("timed_out", 5, 5, 50);
    attempt("cancelled", 6, 1000, 1000);
    attempt("released", 7, 1000, 1000);
    attempt("snoozed", 8, 1000, 1000);
    attempt("succeeded", 25, 1000, 1000);

    Result<Record> analysed =
        plinth.as(alice).read(tx -> tx.dsl().fetch(ANALYSIS, tx.organizationId()));

    assertThat(analysed.getValues("definition", String.class)).containsExactly("idle", "mail");
    Record idle = analysed.get(0);
    assertThat(idle.get("attempts", Integer.class)).isZero();
    assertThat(idle.get("failure_rate")).isNull();
    Record mails = analysed.get(1);
    assertThat(mails.get("attempts", Integer.class)).isEqualTo(5);
    assertThat(mails.get("succeeded", Integer.class)).isEqualTo(3);
    assertThat(mails.get("failed", Integer.class)).isEqualTo(2);
    assertThat(mails.get("failure_rate", BigDecimal.class)).isEqualByComparingTo("0.4");
    assertThat(mails.get("succeeded_per_hour", BigDecimal.class)).isEqualByComparingTo("0.125");
    assertThat(List.of(mails.get("wait"), mails.get("middle_wait"), mails.get("long_wait")))
        .isEqualTo(List.of(3, 3, 5));
    assertThat(List.of(mails.get("run"), mails.get("middle_run"), mails.get("long_run")))
        .isEqualTo(List.of(30, 30, 48));
  }

  @Test
  void anotherOrganizationSeesNothingOfIt(Organization globex, Member bob) {
    plinth.as(alice).run(tx -> tasks.enqueue(tx, NewTask.of("mail")));
    attempt("succeeded", 1, 1, 10);

    for (String view : List.of("ready_tasks", "tasks_performance_analysis")) {
      String all = "SELECT count(*) FROM plinth_tasks." + view;
      int own = plinth.as(alice).read(tx -> tx.dsl().fetchSingle(all).get(0, Integer.class));
      int others = plinth.as(bob).read(tx -> tx.dsl().fetchSingle(all).get(0, Integer.class));
      assertThat(own).isEqualTo(1);
      assertThat(others).isZero();
    }
  }

  /** On the last day that has a partition, after three that are full. */
  @Test
  void ofAFullHistoryOnlyTheLastDayIsRead() throws SQLException {
    Instant noon = now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(3 * 24 + 12));
    clock.freezeAt(noon);
    execute(
        """
        INSERT INTO plinth_tasks.task_attempts
          (organization_id, id, task_id, definition_id, attempt, outcome, worker, ready_at, started_at, finished_at)
        SELECT '%1$s', (left(plinth_base.first_id_at(t.at)::text, 23) || right(gen_random_uuid()::text, 13))::uuid,
          gen_random_uuid(), '%2$s', 1, 'succeeded', 'w', t.at, t.at, t.at
        FROM generate_series(1, 18000) i
        CROSS JOIN LATERAL (SELECT '%3$s'::timestamptz - i * interval '15 seconds' AS at) t
        """
            .formatted(alice.organizationId(), mail, noon));
    execute("ANALYZE plinth_tasks.task_attempts");

    String explain = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + ANALYSIS;
    String plan =
        plinth.as(alice).read(tx -> tx.dsl().fetch(explain, tx.organizationId()).formatCSV());
    Record analysed =
        plinth.as(alice).read(tx -> tx.dsl().fetchSingle(ANALYSIS, tx.organizationId()));

    assertThat(analysed.get("attempts", Integer.class)).isEqualTo(24 * 60 * 4);
    assertThat(plan).contains("Subplans Removed: 2");
  }

  /** So many hours ago, after it had waited so many seconds. */
  private void attempt(String outcome, int hoursAgo, int waited, int took) {
    Instant finished = now.minus(Duration.ofHours(hoursAgo));
    Instant started = finished.minusSeconds(took);
    plinth
        .asService(alice.organizationId(), "worker")
        .run(
            tx ->
                tx.dsl()
                    .execute(
                        """
                        INSERT INTO plinth_tasks.task_attempts
                          (organization_id, id, task_id, definition_id, attempt, outcome, worker, ready_at, started_at, finished_at)
                        VALUES (?, ?, gen_random_uuid(), ?, 1, ?, 'w', ?::timestamptz, ?::timestamptz, ?::timestamptz)
                        """,
                        tx.organizationId(),
                        UuidV7.next(finished),
                        mail,
                        outcome,
                        started.minusSeconds(waited).toString(),
                        started.toString(),
                        finished.toString()));
  }

  private void set(UUID task, String assignments) throws SQLException {
    execute("UPDATE plinth_tasks.tasks SET " + assignments + " WHERE id = '" + task + "'");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
