package dev.plinth.base.migration;

import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.error.SqlErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections for migrations, and the lock that lets one host at a time change the schemas. */
final class Connections {

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  /** Any number, the same in every host: "plinth" in ASCII. */
  static final long LOCK = 0x706c696e7468L;

  private static final Duration LOCK_POLL = Duration.ofMillis(50);

  /** What is asked on a connection that commits by itself. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** What is done on one. */
  @FunctionalInterface
  interface Action {
    void on(Connection connection) throws SQLException;
  }

  private final DataSource dataSource;

  Connections(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  <T> T call(Work<T> work) {
    try (Connection connection = connect()) {
      connection.setAutoCommit(true);
      return work.on(connection);
    } catch (SQLException e) {
      throw SqlErrors.translate(e);
    }
  }

  /** While no other host changes a schema. */
  <T> T callAlone(Work<T> work) {
    return call(
        connection -> {
          // Tried again and again rather than waited for: a waiting statement keeps a snapshot, and
          // a CREATE INDEX CONCURRENTLY of the one that has the lock would wait for it for ever.
          while (!holds(connection, "SELECT pg_try_advisory_lock(" + LOCK + ")")) {
            LockSupport.parkNanos(LOCK_POLL.toNanos());
            if (Thread.currentThread().isInterrupted()) {
              throw new DatabaseUnavailableException(
                  "interrupted while another host was migrating", null);
            }
          }
          try {
            return work.on(connection);
          } finally {
            if (!connection.isClosed()) {
              holds(connection, "SELECT pg_advisory_unlock(" + LOCK + ")");
            }
          }
        });
  }

  void run(Action action) {
    call(
        connection -> {
          action.on(connection);
          return true;
        });
  }

  void runAlone(Action action) {
    callAlone(
        connection -> {
          action.on(connection);
          return true;
        });
  }

  private Connection connect() {
    try {
      return dataSource.getConnection();
    } catch (SQLException e) {
      throw new DatabaseUnavailableException("no connection for migrations", e);
    }
  }

  static boolean holds(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() && row.getBoolean(1);
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** What the server warns of meanwhile is logged: it is for whoever runs the migration. */
  static void executeAloud(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
      for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
        LOG.warn("{}", w.getMessage());
      }
    }
  }
}
