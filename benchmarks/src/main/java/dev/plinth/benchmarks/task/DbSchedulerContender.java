package dev.plinth.benchmarks.task;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** db-scheduler as its documentation sets it up for high throughput. */
final class DbSchedulerContender implements Contender {

  private static final String TASK = "no-op";
  private static final int THREADS = 16;
  private static final int BATCH = 1_000;

  /** "For high throughput (i.e. keep threads busy), set to for example 1.0, 4.0": its README. */
  private static final double FETCH_BELOW = 1.0;

  private static final double FETCH_UP_TO = 4.0;

  /** Its postgresql_tables.sql, without the index for priorities, which are off. */
  private static final String TABLE =
      """
      CREATE TABLE scheduled_tasks (
        task_name text NOT NULL,
        task_instance text NOT NULL,
        task_data bytea,
        execution_time timestamptz NOT NULL,
        picked boolean NOT NULL,
        picked_by text,
        last_success timestamptz,
        last_failure timestamptz,
        consecutive_failures integer,
        last_heartbeat timestamptz,
        version bigint NOT NULL,
        priority smallint,
        PRIMARY KEY (task_name, task_instance)
      );
      CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
      CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
      """;

  private final HikariDataSource pool;
  private final Duration poll;
  private final SchedulerClient client;
  private @Nullable Scheduler scheduler;

  DbSchedulerContender(String url, Duration poll) {
    this.pool = Pools.on(url);
    this.poll = poll;
    this.client = SchedulerClient.Builder.create(pool).build();
  }

  @Override
  public void setUp() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
  }

  @Override
  public void enqueue(int number) {
    client.scheduleIfNotExists(instance(number), Instant.now());
  }

  @Override
  public void enqueueAll(int jobs) {
    for (int from = 0; from < jobs; from += BATCH) {
      List<TaskInstance<?>> batch =
          IntStream.range(from, Math.min(from + BATCH, jobs))
              .<TaskInstance<?>>mapToObj(DbSchedulerContender::instance)
              .toList();
      client.scheduleBatch(batch, Instant.now());
    }
  }

  private static TaskInstance<Void> instance(int number) {
    return new TaskInstance<>(TASK, String.valueOf(number));
  }

  @Override
  public void start(IntConsumer job) {
    OneTimeTask<Void> task =
        Tasks.oneTime(TASK)
            .execute((instance, context) -> job.accept(Integer.parseInt(instance.getId())));
    scheduler =
        Scheduler.create(pool, task)
            .threads(THREADS)
            .pollUsingLockAndFetch(FETCH_BELOW, FETCH_UP_TO)
            .pollingInterval(poll)
            .build();
    scheduler.start();
  }

  @Override
  public long unfinished() throws SQLException {
    return Counts.of(pool, "SELECT count(*) FROM scheduled_tasks");
  }

  @Override
  public void close() {
    if (scheduler != null) {
      scheduler.stop();
    }
    pool.close();
  }
}
