package dev.plinth.base.tenancy;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.concurrent.Executor;
import org.jooq.tools.jdbc.DefaultCallableStatement;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.jooq.tools.jdbc.DefaultStatement;

/** The connection that the host sees: everything but ending the transaction, or getting round. */
final class GuardedConnection extends DefaultConnection {

  private final Gate gate;

  GuardedConnection(Connection connection, Gate gate) {
    super(connection);
    this.gate = gate;
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
    return guard(checked(sql).prepareStatement(sql));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency)
      throws SQLException {
    return guard(checked(sql).prepareStatement(sql, type, concurrency));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    return guard(checked(sql).prepareStatement(sql, type, concurrency, holdability));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int keys) throws SQLException {
    return guard(checked(sql).prepareStatement(sql, keys));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int[] columns) throws SQLException {
    return guard(checked(sql).prepareStatement(sql, columns));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, String[] columns) throws SQLException {
    return guard(checked(sql).prepareStatement(sql, columns));
  }

  @Override
  public CallableStatement prepareCall(String sql) throws SQLException {
    return guard(checked(sql).prepareCall(sql));
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
    return guard(checked(sql).prepareCall(sql, type, concurrency));
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    return guard(checked(sql).prepareCall(sql, type, concurrency, holdability));
  }

  @Override
  public void releaseSavepoint(Savepoint savepoint) throws SQLException {
    getDelegate().releaseSavepoint(savepoint);
  }

  private Connection checked(String sql) {
    gate.check(sql);
    return super.getDelegate();
  }

  private Statement guard(Statement statement) {
    return new GuardedStatement(statement, this);
  }

  private PreparedStatement guard(PreparedStatement statement) {
    return new GuardedPreparedStatement(statement, this);
  }

  private CallableStatement guard(CallableStatement statement) {
    return new GuardedCallableStatement(statement, this);
  }

  /** A statement whose text comes later. */
  private static final class GuardedStatement extends DefaultStatement {

    private final GuardedConnection owner;

    GuardedStatement(Statement statement, GuardedConnection owner) {
      super(statement, owner);
      this.owner = owner;
    }

    @Override
    public boolean execute(String sql) throws SQLException {
      return checked(sql).execute(sql);
    }

    @Override
    public boolean execute(String sql, int keys) throws SQLException {
      return checked(sql).execute(sql, keys);
    }

    @Override
    public boolean execute(String sql, int[] columns) throws SQLException {
      return checked(sql).execute(sql, columns);
    }

    @Override
    public boolean execute(String sql, String[] columns) throws SQLException {
      return checked(sql).execute(sql, columns);
    }

    @Override
    public int executeUpdate(String sql) throws SQLException {
      return checked(sql).executeUpdate(sql);
    }

    @Override
    public int executeUpdate(String sql, int keys) throws SQLException {
      return checked(sql).executeUpdate(sql, keys);
    }

    @Override
    public int executeUpdate(String sql, int[] columns) throws SQLException {
      return checked(sql).executeUpdate(sql, columns);
    }

    @Override
    public int executeUpdate(String sql, String[] columns) throws SQLException {
      return checked(sql).executeUpdate(sql, columns);
    }

    @Override
    public long executeLargeUpdate(String sql) throws SQLException {
      return checked(sql).executeLargeUpdate(sql);
    }

    @Override
    public java.sql.ResultSet executeQuery(String sql) throws SQLException {
      return wrap(checked(sql).executeQuery(sql));
    }

    @Override
    public void addBatch(String sql) throws SQLException {
      checked(sql).addBatch(sql);
    }

    @Override
    public Statement getDelegate() throws SQLException {
      owner.gate.check();
      return super.getDelegate();
    }

    @Override
    public <T> T unwrap(Class<T> iface) throws SQLException {
      throw new SQLException("A statement of a Plinth transaction is not handed out");
    }

    private Statement checked(String sql) throws SQLException {
      owner.gate.check(sql);
      return super.getDelegate();
    }
  }

  private static final class GuardedPreparedStatement extends DefaultPreparedStatement {

    private final GuardedConnection owner;

    GuardedPreparedStatement(PreparedStatement statement, GuardedConnection owner) {
      super(statement, owner);
      this.owner = owner;
    }

    @Override
    public boolean execute() throws SQLException {
      owner.gate.check();
      return super.execute();
    }

    @Override
    public int executeUpdate() throws SQLException {
      owner.gate.check();
      return super.executeUpdate();
    }

    @Override
    public java.sql.ResultSet executeQuery() throws SQLException {
      owner.gate.check();
      return super.executeQuery();
    }

    @Override
    public int[] executeBatch() throws SQLException {
      owner.gate.check();
      return super.executeBatch();
    }

    @Override
    public <T> T unwrap(Class<T> iface) throws SQLException {
      throw new SQLException("A statement of a Plinth transaction is not handed out");
    }
  }

  private static final class GuardedCallableStatement extends DefaultCallableStatement {

    private final GuardedConnection owner;

    GuardedCallableStatement(CallableStatement statement, GuardedConnection owner) {
      super(statement);
      this.owner = owner;
    }

    @Override
    public Connection getConnection() {
      return owner;
    }

    @Override
    public <T> T unwrap(Class<T> iface) throws SQLException {
      throw new SQLException("A statement of a Plinth transaction is not handed out");
    }

    @Override
    public boolean execute() throws SQLException {
      owner.gate.check();
      return super.execute();
    }
  }
}
