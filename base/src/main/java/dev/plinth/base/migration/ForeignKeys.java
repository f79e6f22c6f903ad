package dev.plinth.base.migration;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Foreign keys that were added NOT VALID, because rows from before may name what is not there. */
final class ForeignKeys {

  /** The owner is bound by the policies (FORCE) and sees no row; the system sees all. */
  private static final String AS_SYSTEM =
      """
      DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', plinth_base.role_name('system')); END $$
      """;

  private static final String ORPHANS =
      "SELECT table_name, constraint_name, referenced_table, orphans FROM plinth_base.orphans()";

  /** Under FORCE, VALIDATE alone would look at no row, and succeed. */
  private static final String VALIDATE = "SELECT plinth_base.validate_constraint(?::regclass, ?)";

  private final Connection connection;

  ForeignKeys(Connection connection) {
    this.connection = connection;
  }

  /** Validates those without orphans, each in a transaction of its own; returns the others. */
  List<Orphans> validate() throws SQLException {
    connection.setAutoCommit(false);
    try {
      List<Orphans> remaining = new ArrayList<>();
      for (Orphans found : notValid()) {
        if (found.rows() > 0) {
          remaining.add(found);
        } else {
          validate(found);
        }
      }
      return remaining;
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private void validate(Orphans none) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(VALIDATE)) {
      statement.setString(1, none.table());
      statement.setString(2, none.constraint());
      statement.execute();
    }
    connection.commit();
  }

  private List<Orphans> notValid() throws SQLException {
    Connections.execute(connection, AS_SYSTEM);
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(ORPHANS)) {
      List<Orphans> found = new ArrayList<>();
      while (rows.next()) {
        found.add(
            new Orphans(rows.getString(1), rows.getString(2), rows.getString(3), rows.getLong(4)));
      }
      return found;
    } finally {
      connection.rollback();
    }
  }
}
