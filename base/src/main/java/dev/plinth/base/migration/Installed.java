package dev.plinth.base.migration;

import dev.plinth.base.error.SchemaMismatchException;
import dev.plinth.base.error.SchemaMismatchException.Kind;
import dev.plinth.base.module.ModuleDescriptor;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a database holds of the modules of this host.
 *
 * @param schemas by the name of the module
 * @param histories by the name of the table, with its schema
 */
record Installed(Map<String, SchemaState> schemas, Map<String, List<Applied>> histories) {

  /** Reads it in two round trips, whatever the number of modules. */
  static Installed read(Connection connection, List<ModuleDescriptor> modules) throws SQLException {
    Map<String, SchemaState> schemas = SchemaState.of(connection, modules);
    List<String> tables =
        schemas.values().stream().flatMap(schema -> schema.tables().stream()).toList();
    return new Installed(schemas, Applied.in(connection, tables));
  }

  SchemaState schema(ModuleDescriptor module) {
    return Objects.requireNonNull(schemas.get(module.name()));
  }

  boolean has(Track track) {
    return histories.containsKey(track.table());
  }

  /** The rows of its history; empty where there is none. */
  List<Applied> history(Track track) {
    return histories.getOrDefault(track.table(), List.of());
  }

  /** Whether somebody may not read a history: the host that made it got no further. */
  boolean isHidden() {
    return schemas.values().stream().anyMatch(SchemaState::hidden);
  }

  /** A migration that is not in the jar here came with a newer version of its module. */
  void requireKnownMigrations(List<Track> tracks) {
    for (Track track : tracks) {
      for (Applied migration : history(track)) {
        if (migration.isMigration() && !track.knows(migration.script())) {
          throw new SchemaMismatchException(
              track.module().name(),
              Kind.AHEAD,
              "this version does not know " + track.name() + " " + migration.script(),
              null);
        }
      }
    }
  }

  /** A link that a module does not know here came with a newer version of it. */
  void requireKnownLinks(List<Track> tracks) {
    List<String> known = tracks.stream().map(Track::table).toList();
    for (SchemaState schema : schemas.values()) {
      for (String table : schema.tables()) {
        if (!known.contains(table)) {
          throw new SchemaMismatchException(
              schema.module().name(),
              Kind.AHEAD,
              "this version does not know the link whose history is " + table,
              null);
        }
      }
    }
  }
}
