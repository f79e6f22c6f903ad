package dev.plinth.base.tenancy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jooq.tools.jdbc.DefaultStatement;
import org.jspecify.annotations.Nullable;

/** A statement whose text comes when it is executed: the text is looked at first. */
final class GuardedStatement extends DefaultStatement {

  private final GuardedConnection owner;

  GuardedStatement(Statement statement, GuardedConnection owner) {
    super(statement, owner);
    this.owner = owner;
  }

  @Override
  public Statement getDelegateStatement() throws SQLException {
    owner.gate().check();
    return super.getDelegateStatement();
  }

  @Override
  protected @Nullable ResultSet wrap(@Nullable ResultSet rows) {
    return rows == null ? null : new GuardedResultSet(rows, this, owner.gate());
  }

  @Override
  public void close() throws SQLException {
    owner.forget(this);
    super.getDelegateStatement().close();
  }

  @Override
  public <T> T unwrap(Class<T> iface) throws SQLException {
    throw new SQLException("A statement of a Plinth transaction is not handed out");
  }

  @Override
  public boolean execute(String sql) throws SQLException {
    owner.gate().check(sql);
    return super.execute(sql);
  }

  @Override
  public boolean execute(String sql, int keys) throws SQLException {
    owner.gate().check(sql);
    return super.execute(sql, keys);
  }

  @Override
  public boolean execute(String sql, int[] columns) throws SQLException {
    owner.gate().check(sql);
    return super.execute(sql, columns);
  }

  @Override
  public boolean execute(String sql, String[] columns) throws SQLException {
    owner.gate().check(sql);
    return super.execute(sql, columns);
  }

  @Override
  public int executeUpdate(String sql) throws SQLException {
    owner.gate().check(sql);
    return super.executeUpdate(sql);
  }

  @Override
  public int executeUpdate(String sql, int keys) throws SQLException {
    owner.gate().check(sql);
    return super.executeUpdate(sql, keys);
  }

  @Override
  public int executeUpdate(String sql, int[] columns) throws SQLException {
    owner.gate().check(sql);
    return super.executeUpdate(sql, columns);
  }

  @Override
  public int executeUpdate(String sql, String[] columns) throws SQLException {
    owner.gate().check(sql);
    return super.executeUpdate(sql, columns);
  }

  @Override
  public long executeLargeUpdate(String sql) throws SQLException {
    owner.gate().check(sql);
    return super.executeLargeUpdate(sql);
  }

  @Override
  public long executeLargeUpdate(String sql, int keys) throws SQLException {
    owner.gate().check(sql);
    return super.executeLargeUpdate(sql, keys);
  }

  @Override
  public long executeLargeUpdate(String sql, int[] columns) throws SQLException {
    owner.gate().check(sql);
    return super.executeLargeUpdate(sql, columns);
  }

  @Override
  public long executeLargeUpdate(String sql, String[] columns) throws SQLException {
    owner.gate().check(sql);
    return super.executeLargeUpdate(sql, columns);
  }

  @Override
  public ResultSet executeQuery(String sql) throws SQLException {
    owner.gate().check(sql);
    return super.executeQuery(sql);
  }

  @Override
  public void addBatch(String sql) throws SQLException {
    owner.gate().check(sql);
    super.addBatch(sql);
  }
}
