package dev.plinth.base.config;

import dev.plinth.base.error.InsecureConnectionException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** Hands out only connections that are encrypted or do not leave this machine. */
final class EncryptedDataSource implements DataSource {

  private static final String ENCRYPTED =
      "SELECT s.ssl FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_catalog.pg_backend_pid()";

  private final DataSource delegate;

  /** The driver's connections that were looked at; it stays true for their life. */
  private final Set<BaseConnection> seen =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  EncryptedDataSource(DataSource delegate) {
    this.delegate = delegate;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return checked(delegate.getConnection());
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return checked(delegate.getConnection(user, password));
  }

  private Connection checked(Connection connection) throws SQLException {
    try {
      BaseConnection driver = connection.unwrap(BaseConnection.class);
      if (!seen.contains(driver)) {
        requireSecure(driver);
        seen.add(driver);
      }
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static void requireSecure(BaseConnection driver) throws SQLException {
    String host = driver.getQueryExecutor().getHostSpec().getHost();
    if (Tls.isLoopback(host)) {
      return;
    }
    boolean idle = driver.getTransactionState() == TransactionState.IDLE;
    try (Statement statement = driver.createStatement();
        ResultSet row = statement.executeQuery(ENCRYPTED)) {
      if (!row.next() || !row.getBoolean(1)) {
        throw new InsecureConnectionException(host, Tls.REMEDY);
      }
    }
    if (idle && !driver.getAutoCommit()) {
      driver.rollback();
    }
  }

  @Override
  public @Nullable PrintWriter getLogWriter() throws SQLException {
    return delegate.getLogWriter();
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
    delegate.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    delegate.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return delegate.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return delegate.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return type.isInstance(delegate) ? type.cast(delegate) : delegate.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return type.isInstance(delegate) || delegate.isWrapperFor(type);
  }
}
