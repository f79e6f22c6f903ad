package dev.plinth.base.migration;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.SchemaMismatchException;
import dev.plinth.base.error.SchemaMismatchException.Kind;
import dev.plinth.base.module.ModuleDescriptor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What is there under the name of a module's schema; read from the catalog, which everybody may.
 *
 * @param owner who owns it, or an empty string if it is not there
 * @param owned whether that is who asks
 * @param migrated whether it has a migration history
 * @param filled whether there is anything in it
 */
record SchemaState(
    ModuleDescriptor module, String owner, boolean owned, boolean migrated, boolean filled) {

  private static final String QUERY =
      """
      SELECT pg_catalog.pg_get_userbyid(n.nspowner),
             pg_catalog.pg_has_role(n.nspowner, 'USAGE'),
             EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relname = ?),
             EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid)
               OR EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid)
               OR EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.typnamespace = n.oid)
      FROM pg_catalog.pg_namespace n WHERE n.nspname = ?
      """;

  static SchemaState of(Connection connection, ModuleDescriptor module) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(QUERY)) {
      query.setString(1, Schemas.HISTORY);
      query.setString(2, module.schema());
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? new SchemaState(
                module, row.getString(1), row.getBoolean(2), row.getBoolean(3), row.getBoolean(4))
            : new SchemaState(module, "", true, false, false);
      }
    }
  }

  /** Refuses to migrate what Plinth did not make, or what this login does not own. */
  void requireOwn() {
    if (filled && !migrated) {
      throw mismatch(
          Kind.FOREIGN, "it belongs to " + owner + " and holds what Plinth did not make");
    }
    if (!owned) {
      throw new AccessDeniedException(
          "schema %s belongs to %s: migrate as %s, with a migrationDataSource"
              .formatted(module.schema(), owner, owner),
          null);
    }
  }

  /** Refuses to compare what was never migrated. */
  void requireMigrated() {
    if (!migrated) {
      throw filled
          ? mismatch(Kind.FOREIGN, "it belongs to " + owner + " and has no migration history")
          : mismatch(Kind.BEHIND, "it does not exist; run migrate()");
    }
  }

  private SchemaMismatchException mismatch(Kind kind, String detail) {
    return new SchemaMismatchException(module.name(), kind, detail, null);
  }
}
