package dev.plinth.benchmarks.task;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;

/** The hand-written loop, in one thread that ends when nothing is ready any more. */
final class JdbcContender implements Contender {

  private final HikariDataSource pool;
  private final JdbcCompletion completion;
  private final ExecutorService loop = Executors.newSingleThreadExecutor();

  JdbcContender(String url, JdbcCompletion completion) {
    this.pool = Pools.on(url);
    this.completion = completion;
  }

  @Override
  public void setUp() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      JdbcJobs.create(connection);
    }
  }

  @Override
  public void enqueue(int number) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      JdbcJobs.insert(connection, JdbcJobs.INSERT, number);
    }
  }

  @Override
  public void enqueueAll(int jobs) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      JdbcJobs.insertAll(connection, jobs);
    }
  }

  @Override
  public void fill(Workload workload, int jobs) throws SQLException {
    if (workload == Workload.HISTORY) {
      try (Connection connection = pool.getConnection()) {
        JdbcJobs.insertFinished(connection, Workload.FINISHED);
      }
      enqueueAll(jobs);
    } else {
      Contender.super.fill(workload, jobs);
    }
  }

  @Override
  public void start(IntConsumer job) {
    loop.execute(() -> drain(job));
  }

  private void drain(IntConsumer job) {
    try (Connection connection = pool.getConnection()) {
      JdbcJobs.drain(connection, completion, job);
    } catch (SQLException e) {
      throw new IllegalStateException("The loop broke", e);
    }
  }

  @Override
  public long unfinished() throws SQLException {
    return Counts.of(pool, "SELECT count(*) FROM jobs WHERE state IN ('ready', 'running')");
  }

  @Override
  public void close() {
    loop.shutdownNow();
    pool.close();
  }
}
