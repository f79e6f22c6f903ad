package dev.plinth.base.tenancy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jooq.tools.jdbc.DefaultResultSet;

/**
 * Rows of a statement, which can be read only while its side has the transaction: rows that are
 * fetched later are seen with the role and the tenant of later.
 */
final class GuardedResultSet extends DefaultResultSet {

  private final Gate gate;

  GuardedResultSet(ResultSet rows, Statement creator, Gate gate) {
    super(rows, creator);
    this.gate = gate;
  }

  @Override
  public ResultSet getDelegate() throws SQLException {
    gate.check();
    return super.getDelegate();
  }

  @Override
  public void close() throws SQLException {
    super.getDelegate().close();
  }

  @Override
  public <T> T unwrap(Class<T> iface) throws SQLException {
    throw new SQLException("The rows of a Plinth transaction are not handed out");
  }
}
