package dev.plinth.base.tenancy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection that the host sees: everything but ending the transaction, or getting round. */
final class GuardedConnection extends DefaultConnection {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedConnection.class);

  private final Gate gate;
  private final SlowStatements slow;
  private final Set<Statement> statements = identities();
  private final Set<Savepoint> savepoints = identities();

  GuardedConnection(Connection connection, Gate gate, SlowStatements slow) {
    super(connection);
    this.gate = gate;
    this.slow = slow;
  }

  Gate gate() {
    return gate;
  }

  /** Closes what the host kept open: a cursor would go on reading in the next one's name. */
  void closeStatements() {
    for (Statement statement : List.copyOf(statements)) {
      try {
        statement.close();
      } catch (SQLException e) {
        LOG.debug("A statement could not be closed", e);
      }
    }
  }

  void forget(Statement statement) {
    statements.remove(statement);
  }

  @Override
  public Connection getDelegate() {
    gate.check();
    return super.getDelegate();
  }

  @Override
  public void commit() {
    throw Gate.refusal("commit()");
  }

  @Override
  public void rollback() {
    throw Gate.refusal("rollback()");
  }

  @Override
  public void setAutoCommit(boolean autoCommit) {
    throw Gate.refusal("setAutoCommit()");
  }

  @Override
  public void close() {
    throw Gate.refusal("close()");
  }

  @Override
  public void abort(Executor executor) {
    throw Gate.refusal("abort()");
  }

  @Override
  public void setReadOnly(boolean readOnly) {
    throw Gate.refusal("setReadOnly()");
  }

  @Override
  public void setTransactionIsolation(int level) {
    throw Gate.refusal("setTransactionIsolation()");
  }

  @Override
  public void setSchema(String schema) {
    throw Gate.refusal("setSchema()");
  }

  @Override
  public void setClientInfo(String name, String value) {
    throw Gate.refusal("setClientInfo()");
  }

  @Override
  public void setClientInfo(Properties properties) {
    throw Gate.refusal("setClientInfo()");
  }

  @Override
  public void setTypeMap(Map<String, Class<?>> map) {
    throw Gate.refusal("setTypeMap()");
  }

  @Override
  public void setHoldability(int holdability) {
    throw Gate.refusal("setHoldability()");
  }

  @Override
  public void setNetworkTimeout(Executor executor, int milliseconds) {
    throw Gate.refusal("setNetworkTimeout()");
  }

  @Override
  public <T> T unwrap(Class<T> iface) throws SQLException {
    if (iface.isInstance(this)) {
      return iface.cast(this);
    }
    throw new SQLException("The connection of a Plinth transaction is not handed out");
  }

  @Override
  public boolean isWrapperFor(Class<?> iface) {
    return iface.isInstance(this);
  }

  @Override
  public Statement createStatement() throws SQLException {
    return guard(getDelegate().createStatement());
  }

  @Override
  public Statement createStatement(int type, int concurrency) throws SQLException {
    return guard(getDelegate().createStatement(type, concurrency));
  }

  @Override
  public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
    return guard(getDelegate().createStatement(type, concurrency, holdability));
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    return guard(sql, checked(sql).prepareStatement(sql));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency)
      throws SQLException {
    return guard(sql, checked(sql).prepareStatement(sql, type, concurrency));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    return guard(sql, checked(sql).prepareStatement(sql, type, concurrency, holdability));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int keys) throws SQLException {
    return guard(sql, checked(sql).prepareStatement(sql, keys));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int[] columns) throws SQLException {
    return guard(sql, checked(sql).prepareStatement(sql, columns));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, String[] columns) throws SQLException {
    return guard(sql, checked(sql).prepareStatement(sql, columns));
  }

  @Override
  public CallableStatement prepareCall(String sql) throws SQLException {
    return guard(sql, checked(sql).prepareCall(sql));
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
    return guard(sql, checked(sql).prepareCall(sql, type, concurrency));
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    return guard(sql, checked(sql).prepareCall(sql, type, concurrency, holdability));
  }

  @Override
  public Savepoint setSavepoint() throws SQLException {
    return own(getDelegate().setSavepoint());
  }

  @Override
  public Savepoint setSavepoint(String name) throws SQLException {
    return own(getDelegate().setSavepoint(name));
  }

  /** To a savepoint of this side only: another one brings another role or another tenant back. */
  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    requireOwn(savepoint);
    getDelegate().rollback(savepoint);
  }

  @Override
  public void releaseSavepoint(Savepoint savepoint) throws SQLException {
    requireOwn(savepoint);
    getDelegate().releaseSavepoint(savepoint);
  }

  /** The driver's, but for its way back to the bare connection. */
  @Override
  public DatabaseMetaData getMetaData() throws SQLException {
    DatabaseMetaData metaData = getDelegate().getMetaData();
    return (DatabaseMetaData)
        Proxy.newProxyInstance(
            DatabaseMetaData.class.getClassLoader(),
            new Class<?>[] {DatabaseMetaData.class},
            (proxy, method, arguments) -> answer(metaData, method, arguments));
  }

  private @Nullable Object answer(
      DatabaseMetaData metaData, Method method, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("getConnection")) {
      return this;
    }
    gate.check();
    try {
      return method.invoke(metaData, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private Savepoint own(Savepoint savepoint) {
    savepoints.add(savepoint);
    return savepoint;
  }

  private void requireOwn(Savepoint savepoint) {
    if (!savepoints.contains(savepoint)) {
      throw Gate.refusal("A savepoint that was not set here");
    }
  }

  private Connection checked(String sql) {
    gate.check(sql);
    return super.getDelegate();
  }

  private Statement guard(Statement statement) {
    return kept(new GuardedStatement(slow.watched(Statement.class, statement, ""), this));
  }

  private PreparedStatement guard(String sql, PreparedStatement statement) {
    return kept(
        new GuardedPreparedStatement(slow.watched(PreparedStatement.class, statement, sql), this));
  }

  private CallableStatement guard(String sql, CallableStatement statement) {
    return kept(
        new GuardedCallableStatement(slow.watched(CallableStatement.class, statement, sql), this));
  }

  private <S extends Statement> S kept(S statement) {
    statements.add(statement);
    return statement;
  }

  private static <T> Set<T> identities() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
