package dev.plinth.host.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.RetryPolicy;
import dev.plinth.tasks.queue.NewTask;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * A run of many tasks of which every other one writes to a table of the host and one of Plinth's,
 * and what must hold of it when all are done.
 */
final class Effects {

  static final int TASKS = 20_000;
  static final int EXACT = TASKS / 2;

  static final String INSERT =
      "INSERT INTO public.effects (task_id, attempt, worker) VALUES (?, ?, ?)";

  /** Without a key: what is written twice is to be seen. */
  private static final String TABLE =
      """
      CREATE TABLE public.effects (task_id uuid NOT NULL, attempt integer NOT NULL, worker text NOT NULL);
      GRANT SELECT, INSERT ON public.effects TO PUBLIC
      """;

  /** Neither what was given back, nor what did not begin, counts. */
  private static final String GAPS =
      """
      SELECT count(*) FROM plinth_tasks.tasks t
      LEFT JOIN (SELECT a.task_id, array_agg(a.attempt ORDER BY a.attempt) AS attempts
                 FROM plinth_tasks.task_attempts a WHERE a.outcome <> 'released' GROUP BY a.task_id) a ON a.task_id = t.id
      WHERE a.attempts IS DISTINCT FROM ARRAY(SELECT generate_series(1, t.attempt))
      """;

  private static final String FORGOTTEN =
      """
      SELECT count(*) FROM unnest(?::uuid[], ?::integer[]) AS b (task_id, attempt)
      WHERE NOT EXISTS (SELECT FROM plinth_tasks.task_attempts a WHERE a.task_id = b.task_id AND a.attempt = b.attempt)
      """;

  /** Of another attempt than the one that succeeded. */
  private static final String FOREIGN =
      """
      SELECT count(*) FROM public.effects e
      WHERE NOT EXISTS (SELECT FROM plinth_tasks.task_attempts a
                        WHERE a.task_id = e.task_id AND a.attempt = e.attempt AND a.worker = e.worker
                          AND a.outcome = 'succeeded')
      """;

  private final DataSource superuser;

  Effects(DataSource superuser) throws SQLException {
    this.superuser = superuser;
    execute(TABLE);
  }

  /** Enqueues all of them. */
  void enqueue(Plinth plinth, TasksModule tasks, UUID organization, UUID user) {
    RetryPolicy retry = RetryPolicy.standard().attempts(50).backoff(Duration.ofMillis(100), 1);
    plinth
        .as(organization, user)
        .run(
            tx -> {
              tasks.taskDefinitions().define(tx, NewTaskDefinition.of("plain").retry(retry));
              tasks.taskDefinitions().define(tx, NewTaskDefinition.of("exact").retry(retry));
              NewTask plain = NewTask.of("plain");
              NewTask exact = NewTask.of("exact").input(Map.of("user", user.toString()));
              tasks
                  .tasks()
                  .enqueueAll(
                      tx,
                      IntStream.range(0, TASKS).mapToObj(i -> i % 2 == 0 ? plain : exact).toList());
            });
  }

  boolean allDone() {
    return count(
            "SELECT count(*) FROM (SELECT FROM plinth_tasks.tasks"
                + " WHERE status NOT IN ('succeeded', 'dead') LIMIT 1) AS open")
        == 0;
  }

  long lost() {
    return count("SELECT count(*) FROM plinth_tasks.task_attempts WHERE outcome = 'lost'");
  }

  /** None lost, none done twice, and every attempt known. */
  void assertExactlyOnce(List<WorkerProcess> workers) throws SQLException {
    assertThat(count("SELECT count(*) FROM plinth_tasks.tasks WHERE status = 'succeeded'"))
        .isEqualTo(TASKS);
    assertThat(count("SELECT count(*) FROM plinth_tasks.task_attempts WHERE outcome = 'succeeded'"))
        .isEqualTo(TASKS);
    assertThat(count("SELECT count(*) FROM public.effects")).isEqualTo(EXACT);
    assertThat(count("SELECT count(DISTINCT task_id) FROM public.effects")).isEqualTo(EXACT);
    assertThat(count("SELECT count(*) FROM plinth_base.notifications")).isEqualTo(EXACT);
    assertThat(count("SELECT count(DISTINCT title) FROM plinth_base.notifications"))
        .isEqualTo(EXACT);
    assertThat(count(FOREIGN)).as("effects of fenced-out attempts").isZero();
    assertThat(count(GAPS)).as("tasks whose history is not whole").isZero();
    assertThat(forgotten(workers)).as("attempts that began and are in no history").isZero();
  }

  private long forgotten(List<WorkerProcess> workers) throws SQLException {
    List<WorkerProcess.Attempted> begun =
        workers.stream().flatMap(worker -> worker.begun().stream()).toList();
    assertThat(begun).hasSizeGreaterThanOrEqualTo(TASKS);
    try (Connection connection = superuser.getConnection();
        PreparedStatement statement = connection.prepareStatement(FORGOTTEN)) {
      Object[] tasks = begun.stream().map(WorkerProcess.Attempted::task).toArray();
      Object[] attempts = begun.stream().map(WorkerProcess.Attempted::attempt).toArray();
      statement.setArray(1, connection.createArrayOf("uuid", tasks));
      statement.setArray(2, connection.createArrayOf("integer", attempts));
      return number(statement.executeQuery());
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = superuser.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  long count(String sql) {
    try (Connection connection = superuser.getConnection();
        Statement statement = connection.createStatement()) {
      return number(statement.executeQuery(sql));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long number(ResultSet row) throws SQLException {
    row.next();
    return row.getLong(1);
  }
}
