package dev.plinth.base.migration;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.SchemaMismatchException;
import dev.plinth.base.error.SchemaMismatchException.Kind;
import dev.plinth.base.module.ModuleDescriptor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is there under the name of a module's schema; read from the catalog, which everybody may.
 *
 * @param owner who owns it, or an empty string if it is not there
 * @param owned whether that is who asks
 * @param filled whether there is anything in it
 * @param histories the names of its history tables
 * @param hidden whether somebody may not read one of them
 */
record SchemaState(
    ModuleDescriptor module,
    String owner,
    boolean owned,
    boolean filled,
    List<String> histories,
    boolean hidden) {

  private static final String QUERY =
      """
      SELECT n.nspname,
             pg_catalog.pg_get_userbyid(n.nspowner),
             pg_catalog.pg_has_role(n.nspowner, 'USAGE'),
             EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid)
               OR EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid)
               OR EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.typnamespace = n.oid),
             ARRAY(SELECT h.relname::text FROM histories h WHERE h.relnamespace = n.oid ORDER BY 1),
             EXISTS (SELECT FROM histories h WHERE h.relnamespace = n.oid
                       AND NOT (pg_catalog.has_schema_privilege('public', n.oid, 'USAGE')
                                AND pg_catalog.has_table_privilege('public', h.oid, 'SELECT')))
      FROM pg_catalog.pg_namespace n
      WHERE n.nspname = ANY (?)
      """;

  /** Of a name that a link can have: what a history table is called cannot be anything else. */
  private static final String HISTORIES =
      """
      WITH histories AS (SELECT c.oid, c.relname, c.relnamespace FROM pg_catalog.pg_class c
                         WHERE c.relkind = 'r' AND c.relname ~ '^migration_history(_[a-z][a-z0-9]*)?$')
      """;

  /** The schemas of these modules, by the name of the module, in one round trip. */
  static Map<String, SchemaState> of(Connection connection, List<ModuleDescriptor> modules)
      throws SQLException {
    Map<String, SchemaState> states = new HashMap<>();
    Map<String, ModuleDescriptor> schemas = new HashMap<>();
    for (ModuleDescriptor module : modules) {
      schemas.put(module.schema(), module);
      states.put(module.name(), new SchemaState(module, "", true, false, List.of(), false));
    }
    try (PreparedStatement query = connection.prepareStatement(HISTORIES + QUERY)) {
      query.setArray(1, connection.createArrayOf("text", schemas.keySet().toArray()));
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          ModuleDescriptor module = schemas.get(rows.getString(1));
          if (module != null) {
            states.put(module.name(), read(module, rows));
          }
        }
      }
    }
    return states;
  }

  private static SchemaState read(ModuleDescriptor module, ResultSet row) throws SQLException {
    return new SchemaState(
        module,
        row.getString(2),
        row.getBoolean(3),
        row.getBoolean(4),
        List.of((String[]) row.getArray(5).getArray()),
        row.getBoolean(6));
  }

  /** Its history tables with their schema. */
  List<String> tables() {
    return histories.stream().map(table -> module.schema() + "." + table).toList();
  }

  boolean exists() {
    return !owner.isEmpty();
  }

  boolean migrated() {
    return histories.contains(Track.HISTORY);
  }

  /** Refuses to migrate what Plinth did not make. */
  void requireNotForeign() {
    if (filled && !migrated()) {
      throw mismatch(
          Kind.FOREIGN, "it belongs to " + owner + " and holds what Plinth did not make");
    }
  }

  /** Refuses to migrate what this login does not own. */
  void requireOwned() {
    if (!owned) {
      throw new AccessDeniedException(
          "schema %s belongs to %s: migrate as %s, with a migrationDataSource"
              .formatted(module.schema(), owner, owner),
          null);
    }
  }

  /** Refuses to compare what was never migrated. */
  void requireMigrated() {
    if (!migrated()) {
      throw filled
          ? mismatch(Kind.FOREIGN, "it belongs to " + owner + " and has no migration history")
          : mismatch(Kind.BEHIND, "it does not exist; run migrate()");
    }
  }

  private SchemaMismatchException mismatch(Kind kind, String detail) {
    return new SchemaMismatchException(module.name(), kind, detail, null);
  }
}
