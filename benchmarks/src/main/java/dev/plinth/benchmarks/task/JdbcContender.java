package dev.plinth.benchmarks.task;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.IntConsumer;

/** The hand-written loop, in one thread that ends when nothing is ready any more. */
final class JdbcContender implements Contender {

  private final HikariDataSource pool;
  private final JdbcCompletion completion;
  private final Loop loop = new Loop();

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
  public void fill(Workload workload, Scale scale) throws SQLException {
    if (workload != Workload.HISTORY) {
      Contender.super.fill(workload, scale);
      return;
    }
    try (Connection connection = pool.getConnection()) {
      JdbcJobs.insertFinished(connection, scale.of(Workload.FINISHED));
    }
    enqueueAll(scale.of(workload.jobs()));
  }

  @Override
  public void start(IntConsumer job) {
    loop.start(
        () -> {
          try (Connection connection = pool.getConnection()) {
            JdbcJobs.drain(connection, completion, job);
          }
        });
  }

  @Override
  public long unfinished() throws SQLException {
    return Counts.of(pool, "SELECT count(*) FROM jobs WHERE state IN ('ready', 'running')");
  }

  @Override
  public void close() {
    loop.close();
    pool.close();
  }
}
