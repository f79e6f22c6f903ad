package dev.plinth.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.monitoring.CheckStatus;
import dev.plinth.base.monitoring.Health;
import dev.plinth.base.monitoring.HealthStatus;
import dev.plinth.base.monitoring.IntegrityCheck;
import dev.plinth.base.monitoring.Monitoring;
import dev.plinth.base.monitoring.QualityMetric;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.board.NewWorkItem;
import dev.plinth.tasks.board.WorkItems;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.TaskQueues;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.tasks.schedule.NewTaskSchedule;
import dev.plinth.tasks.schedule.Recurrence;
import dev.plinth.tasks.schedule.TaskSchedules;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What this module says in the composed views: nothing where all is well, and what is not. */
@PlinthTest(TasksModule.class)
class TasksMonitoringTest {

  private static final String LEASED =
      "status = 'running', started_at = now(), lease_token = id, lease_worker = 'w', lease_until = ";

  private Plinth plinth;
  private TestDatabase database;
  private SettableClock clock;
  private Monitoring monitoring;
  private Tasks tasks;
  private Member alice;

  @BeforeEach
  void prepare(
      Plinth plinth,
      TestDatabase database,
      SettableClock clock,
      Monitoring monitoring,
      TaskDefinitions definitions,
      Organization acme,
      Member alice) {
    this.plinth = plinth;
    this.database = database;
    this.clock = clock;
    this.monitoring = monitoring;
    this.tasks = new Tasks();
    this.alice = alice;
    plinth
        .as(alice)
        .run(tx -> definitions.define(tx, NewTaskDefinition.of("mail").handler("Mail")));
  }

  @AfterEach
  void clear() throws SQLException {
    clock.reset();
    execute(
        "TRUNCATE plinth_tasks.tasks, plinth_tasks.work_items, plinth_tasks.task_schedules CASCADE");
  }

  @Test
  void whereNothingIsWrongAllIsWell() {
    assertThat(all()).hasSize(7).allMatch(h -> h.status() == HealthStatus.HEALTHY);
    assertThat(checks()).hasSize(3).allMatch(c -> c.status() == CheckStatus.PASS);
  }

  @Test
  void tasksThatNobodyTakesAreNoticedAndAreUrgentWhereNothingRuns() throws SQLException {
    enqueue(3);
    assertThat(value("task queues")).isEqualTo(3);
    assertThat(status("waiting time of tasks")).isEqualTo(HealthStatus.HEALTHY);

    clock.advance(Duration.ofMinutes(6));
    assertThat(status("waiting time of tasks")).isEqualTo(HealthStatus.WARNING);
    assertThat(value("waiting time of tasks")).isBetween(360, 420);
    assertThat(health("waiting time of tasks").detail())
        .startsWith("of the next in turn of queue default; 1 queues")
        .endsWith("is any worker started?");

    clock.advance(Duration.ofMinutes(55));
    assertThat(status("waiting time of tasks")).isEqualTo(HealthStatus.CRITICAL);

    set(enqueue(1).get(0), LEASED + "now() + interval '1 day'");
    assertThat(status("waiting time of tasks")).isEqualTo(HealthStatus.WARNING);
  }

  @Test
  void whatHasALimitIsWaitedForToo(TaskDefinitions definitions) {
    plinth
        .as(alice)
        .run(tx -> definitions.define(tx, NewTaskDefinition.of("narrow").handler("N").atMost(1)));
    plinth.as(alice).run(tx -> tasks.enqueue(tx, NewTask.of("narrow").queue("slow")));
    clock.advance(Duration.ofMinutes(6));

    assertThat(value("task queues")).isEqualTo(1);
    assertThat(health("waiting time of tasks").detail()).contains("queue slow");
  }

  @Test
  void nobodyWaitsForAQueueThatIsPaused(TaskQueues queues) {
    enqueue(1);
    plinth.as(alice).run(tx -> queues.pause(tx, "default"));
    clock.advance(Duration.ofHours(2));

    assertThat(status("waiting time of tasks")).isEqualTo(HealthStatus.HEALTHY);
    assertThat(value("task queues")).isEqualTo(1);
    plinth.as(alice).run(tx -> queues.resume(tx, "default"));
  }

  @Test
  void handlersThatNobodyKnowsAreNamed() throws SQLException {
    set(enqueue(1).get(0), "unhandled_at = now()");

    assertThat(status("tasks put aside")).isEqualTo(HealthStatus.WARNING);
    assertThat(value("tasks put aside")).isEqualTo(1);
    assertThat(health("tasks put aside").detail()).isEqualTo("no worker knows their handler: Mail");
  }

  @Test
  void leasesThatNobodyTakesOverAreNoticed() throws SQLException {
    set(enqueue(1).get(0), LEASED + "now() - interval '10 seconds'");
    assertThat(status("leases of tasks")).isEqualTo(HealthStatus.HEALTHY);

    clock.advance(Duration.ofMinutes(2));
    assertThat(status("leases of tasks")).isEqualTo(HealthStatus.WARNING);
    assertThat(value("leases of tasks")).isEqualTo(1);

    clock.advance(Duration.ofMinutes(4));
    assertThat(status("leases of tasks")).isEqualTo(HealthStatus.CRITICAL);
    assertThat(plinth.asSystem("test").read(monitoring::alerts))
        .anyMatch(alert -> alert.alert().equals("leases of tasks"));
  }

  @Test
  void tasksThatDiedWithinADayAreCounted() throws SQLException {
    set(enqueue(1).get(0), "status = 'dead', finished_at = now()");
    assertThat(status("dead tasks")).isEqualTo(HealthStatus.WARNING);
    assertThat(value("dead tasks")).isEqualTo(1);
    assertThat(metric("tasks that ended were not given up").issueCount()).isEqualTo(1);

    clock.advance(Duration.ofHours(25));
    assertThat(status("dead tasks")).isEqualTo(HealthStatus.HEALTHY);
  }

  @Test
  void delaysThatNobodyWasToldOfAreNoticed(WorkItems items) {
    NewWorkItem late = NewWorkItem.task("Late").endingAt(clock.instant().plusSeconds(3600));
    plinth.as(alice).run(tx -> items.create(tx, late));
    assertThat(metric("open work items are within their end").issueCount()).isZero();

    clock.advance(Duration.ofHours(3));
    assertThat(status("delays of work items")).isEqualTo(HealthStatus.WARNING);
    assertThat(metric("open work items are within their end").issueCount()).isEqualTo(1);

    plinth.jobs().runNow("tasks.work-item-delays");
    assertThat(status("delays of work items")).isEqualTo(HealthStatus.HEALTHY);
    assertThat(metric("open work items are within their end").issueCount()).isEqualTo(1);
  }

  @Test
  void schedulesThatNobodyAttendsToAreNoticed(TaskSchedules schedules) throws SQLException {
    Recurrence hourly = Recurrence.of("0 * * * *", "UTC");
    plinth.as(alice).run(tx -> schedules.create(tx, NewTaskSchedule.of("report", "mail", hourly)));
    assertThat(status("task schedules")).isEqualTo(HealthStatus.HEALTHY);
    assertThat(metric("schedules enqueue their tasks").issueCount()).isZero();

    clock.advance(Duration.ofMinutes(66));
    assertThat(status("task schedules")).isEqualTo(HealthStatus.WARNING);
    assertThat(value("task schedules")).isEqualTo(1);

    execute(
        "UPDATE plinth_tasks.task_schedules SET failed_at = now(), error_type = 'E', error_message = 'no'");
    assertThat(metric("schedules enqueue their tasks").issueCount()).isEqualTo(1);
  }

  @Test
  void aTaskThatWaitsForNothingThatIsThereIsFound() throws SQLException {
    UUID stuck = enqueue(2).get(1);
    set(stuck, "unmet_dependencies = 1");

    assertThat(found("tasks wait for as many as hold them up")).containsExactly(stuck);
  }

  @Test
  void aTaskThatWaitsForLessThanHoldsItUpIsFound() throws SQLException {
    List<UUID> ids = enqueue(2);
    plinth
        .as(alice)
        .run(
            tx ->
                tx.dsl()
                    .fetch(
                        "SELECT * FROM plinth_tasks.add_dependencies(?, ?, ?, ?, ?)",
                        new UUID[] {ids.get(0)},
                        new UUID[] {ids.get(1)},
                        new String[] {"success"},
                        new String[1],
                        new String[1]));
    assertThat(check("tasks wait for as many as hold them up").detail()).startsWith("among 1 ");
    set(ids.get(1), "unmet_dependencies = 0");

    assertThat(found("tasks wait for as many as hold them up")).containsExactly(ids.get(1));
  }

  @Test
  void aTaskOfARunThatIsGoneIsFound() throws SQLException {
    UUID lost = enqueue(1).get(0);
    set(lost, "run_id = gen_random_uuid()");

    assertThat(found("tasks are of a run that is there")).containsExactly(lost);
  }

  @Test
  void aRunningTaskWithoutALeaseIsFoundThoughAConstraintForbidsIt() throws SQLException {
    UUID free = enqueue(1).get(0);
    String definition =
        one(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'tasks_lease_is_whole_ck'");
    execute("ALTER TABLE plinth_tasks.tasks DROP CONSTRAINT tasks_lease_is_whole_ck");
    set(free, "status = 'running'");

    assertThat(found("running tasks have a lease")).containsExactly(free);

    clear();
    execute("ALTER TABLE plinth_tasks.tasks ADD CONSTRAINT tasks_lease_is_whole_ck " + definition);
  }

  @Test
  void whatIsToBeRunRunsForWhoReadsIt() {
    List<String> statements = new ArrayList<>();
    all().forEach(health -> statements.add(health.statement().orElseThrow()));
    checks().forEach(check -> statements.add(check.statement().orElseThrow()));

    for (String statement : statements) {
      List<?> rows = plinth.asSystem("test").read(tx -> tx.dsl().fetch(statement));
      assertThat(rows).isNotNull();
    }
  }

  @Test
  void whatIsFinishedAndWhatWaitsBeyondACountAreNotRead() throws SQLException {
    UUID pattern = enqueue(1).get(0);
    execute(copies(pattern, "'succeeded', now()", 30_000));
    execute(copies(pattern, "'pending', NULL", 20_000));
    execute("VACUUM ANALYZE plinth_tasks.tasks");
    String read =
        """
        SELECT sum(seq_tup_read + idx_tup_fetch)::bigint FROM pg_stat_xact_user_tables
        WHERE schemaname = 'plinth_tasks' AND relname = 'tasks'
        """;

    long rows =
        plinth
            .asSystem("test")
            .read(
                tx -> {
                  long before = tx.dsl().fetchSingle(read).get(0, Long.class);
                  tx.dsl().fetch("SELECT * FROM plinth_tasks.system_health_part");
                  return tx.dsl().fetchSingle(read).get(0, Long.class) - before;
                });

    assertThat(rows).isLessThan(11_000);
    assertThat(value("task queues")).isEqualTo(10_001);
    assertThat(health("task queues").detail()).endsWith("counted no further");
  }

  @Test
  void nothingOfTheChatIsSaid() throws SQLException {
    String views =
        "SELECT count(*) FROM pg_views WHERE schemaname = 'plinth_tasks' AND viewname LIKE '%\\_part%'";

    assertThat(one(views)).isEqualTo("5");
    assertThat(one(views + " AND definition LIKE '%chat\\_%'")).isEqualTo("0");
  }

  private static String copies(UUID pattern, String end, int count) {
    return """
        INSERT INTO plinth_tasks.tasks (organization_id, definition_id, queue, priority, turn_at, status, finished_at)
        SELECT t.organization_id, t.definition_id, t.queue, t.priority, t.turn_at, %s
        FROM plinth_tasks.tasks t, generate_series(1, %d) WHERE t.id = '%s'
        """
        .formatted(end, count, pattern);
  }

  private List<UUID> enqueue(int count) {
    List<NewTask> many = IntStream.range(0, count).mapToObj(i -> NewTask.of("mail")).toList();
    return plinth.as(alice).call(tx -> tasks.enqueueAll(tx, many));
  }

  private HealthStatus status(String component) {
    return health(component).status();
  }

  private int value(String component) {
    return health(component).value().orElseThrow().intValue();
  }

  private Health health(String component) {
    return all().stream().filter(h -> h.component().equals(component)).findFirst().orElseThrow();
  }

  private List<Health> all() {
    List<Health> all = plinth.asSystem("test").read(monitoring::health);
    return all.stream().filter(h -> h.module().equals("tasks")).toList();
  }

  private List<IntegrityCheck> checks() {
    List<IntegrityCheck> all = plinth.asSystem("test").read(monitoring::integrity);
    return all.stream().filter(c -> c.module().equals("tasks")).toList();
  }

  private IntegrityCheck check(String name) {
    return checks().stream().filter(c -> c.check().equals(name)).findFirst().orElseThrow();
  }

  private QualityMetric metric(String name) {
    List<QualityMetric> all = plinth.asSystem("test").read(monitoring::quality);
    return all.stream().filter(m -> m.metric().equals(name)).findFirst().orElseThrow();
  }

  /** Of a check that fails, what its own statement shows. */
  private List<UUID> found(String name) {
    IntegrityCheck check = check(name);
    assertThat(check.status()).isEqualTo(CheckStatus.FAIL);
    String statement = check.statement().orElseThrow();
    List<UUID> found =
        plinth.asSystem("test").read(tx -> tx.dsl().fetch(statement).getValues("id", UUID.class));
    assertThat(check.issueCount()).hasValue(found.size());
    return found;
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

  private String one(String sql) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
