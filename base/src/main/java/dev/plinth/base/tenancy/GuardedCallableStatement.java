package dev.plinth.base.tenancy;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jooq.tools.jdbc.DefaultCallableStatement;
import org.jspecify.annotations.Nullable;

/** A call whose text was looked at; it works only while its side has the transaction. */
final class GuardedCallableStatement extends DefaultCallableStatement {

  private final GuardedConnection owner;

  GuardedCallableStatement(CallableStatement statement, GuardedConnection owner) {
    super(statement);
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
  public Connection getConnection() {
    return owner;
  }
}
