package dev.plinth.base.migration;

import dev.plinth.base.Plinth;
import dev.plinth.base.module.PlinthModule;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/** Hosts with different modules on one database, and what is to be seen of it from outside. */
final class Hosts implements AutoCloseable {

  /** Everything that two ways of migrating could make differently, but for times. */
  private static final String SHAPE =
      """
      SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
        SELECT format('%s %s %s %s', c.oid::regclass, c.relkind, c.relrowsecurity, c.relforcerowsecurity) AS line FROM pg_class c
        UNION ALL
        SELECT format('%s.%s %s %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                      pg_get_expr(d.adbin, d.adrelid))
          FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT format('%s.%s %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) FROM pg_constraint c
        UNION ALL
        SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i
        UNION ALL
        SELECT format('%s %s %s', p.oid::regprocedure, p.proowner::regrole, p.proacl) FROM pg_proc p
        UNION ALL
        SELECT format('%s.%s', p.polrelid::regclass, p.polname) FROM pg_policy p
        UNION ALL
        SELECT format('%s %s', n.nspname, n.nspacl) FROM pg_namespace n) AS lines
      WHERE line ~ '^(CREATE (UNIQUE )?INDEX .*)?plinth_'
      """;

  private final TestDatabase database;

  private Hosts(TestDatabase database) {
    this.database = database;
  }

  static Hosts onAnEmptyDatabase() {
    return new Hosts(TestServer.shared().empty());
  }

  /** On a clone, which is there at once. */
  static Hosts onADatabaseOf(PlinthModule... modules) {
    return new Hosts(TestServer.shared().migrated(List.of(modules)));
  }

  TestDatabase database() {
    return database;
  }

  Plinth with(PlinthModule... modules) {
    return Plinth.builder()
        .dataSource(database.host())
        .migrationDataSource(database.owner())
        .modules(modules)
        .build();
  }

  void execute(String sql) throws SQLException {
    execute(database.superuser(), sql);
  }

  static void execute(DataSource login, String sql) throws SQLException {
    try (Connection connection = login.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  String query(String sql) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  String shape() throws SQLException {
    return query(SHAPE);
  }

  /** What a history says of each migration. */
  String history(String table) throws SQLException {
    return query(
        "SELECT string_agg(concat_ws(' ', version, description, type, script, checksum, success), E'\\n'"
            + " ORDER BY installed_rank) FROM "
            + table
            + " WHERE type <> 'SCHEMA'");
  }

  @Override
  public void close() {
    database.close();
  }
}
