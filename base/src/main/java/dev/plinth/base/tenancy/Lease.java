package dev.plinth.base.tenancy;

import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.error.SqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection on loan from the host's pool: whatever state it comes in, the transaction is a fresh
 * one, and it goes back as it came.
 */
final class Lease {

  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  private final Connection connection;
  private final boolean autoCommit;
  private final boolean readOnly;

  private Lease(Connection connection, boolean autoCommit, boolean readOnly) {
    this.connection = connection;
    this.autoCommit = autoCommit;
    this.readOnly = readOnly;
  }

  static Lease of(DataSource dataSource) {
    Connection connection = borrow(dataSource);
    try {
      endLeftover(connection);
      Lease lease = new Lease(connection, connection.getAutoCommit(), connection.isReadOnly());
      lease.prepare();
      return lease;
    } catch (SQLException e) {
      close(connection);
      throw SqlErrors.translate(e);
    }
  }

  Connection connection() {
    return connection;
  }

  void commit() {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw SqlErrors.translate(e);
    }
  }

  void rollback(Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  void giveBack() {
    try {
      if (readOnly) {
        connection.setReadOnly(true);
      }
      if (autoCommit) {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      LOG.debug("The connection could not be brought back to how it came", e);
    }
    close(connection);
  }

  private void prepare() throws SQLException {
    if (readOnly) {
      connection.setReadOnly(false);
    }
    if (autoCommit) {
      connection.setAutoCommit(false);
    }
  }

  private static Connection borrow(DataSource dataSource) {
    try {
      return dataSource.getConnection();
    } catch (SQLException e) {
      throw new DatabaseUnavailableException("no connection from the data source", e);
    }
  }

  /**
   * Somebody gave the connection back in the middle of a transaction: that is not ours to commit.
   */
  private static void endLeftover(Connection connection) throws SQLException {
    if (Gate.driver(connection).getTransactionState() == TransactionState.IDLE) {
      return;
    }
    LOG.warn("The pool lent a connection with an open transaction; it is rolled back");
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("The connection could not be given back", e);
    }
  }
}
