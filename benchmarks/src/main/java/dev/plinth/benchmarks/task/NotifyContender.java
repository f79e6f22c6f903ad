package dev.plinth.benchmarks.task;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.IntConsumer;
import org.postgresql.PGConnection;

/** The hand-written loop in one thread that is woken by NOTIFY. */
final class NotifyContender implements Contender {

  /** How often it looks whether it was closed; what wakes it are notifications. */
  private static final int LOOK_MILLIS = 200;

  private final HikariDataSource pool;
  private final Loop loop = new Loop();
  private volatile boolean closed;

  NotifyContender(String url) {
    this.pool = Pools.on(url);
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
      JdbcJobs.insert(connection, JdbcJobs.INSERT_AND_NOTIFY, number);
    }
  }

  @Override
  public void enqueueAll(int jobs) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      JdbcJobs.insertAll(connection, jobs);
      statement.execute("NOTIFY jobs");
    }
  }

  @Override
  public void start(IntConsumer job) throws SQLException {
    Connection connection = pool.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN jobs");
    }
    loop.start(() -> listen(connection, job));
  }

  private void listen(Connection connection, IntConsumer job) throws SQLException {
    try (connection) {
      PGConnection notifications = connection.unwrap(PGConnection.class);
      while (!closed) {
        JdbcJobs.drain(connection, JdbcCompletion.DELETE_PER_BATCH, job);
        notifications.getNotifications(LOOK_MILLIS);
      }
    }
  }

  @Override
  public long unfinished() throws SQLException {
    return Counts.of(pool, "SELECT count(*) FROM jobs");
  }

  @Override
  public void close() {
    closed = true;
    loop.close();
    pool.close();
  }
}
