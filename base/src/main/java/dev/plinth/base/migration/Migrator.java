package dev.plinth.base.migration;

import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.SchemaMismatchException;
import dev.plinth.base.error.SchemaMismatchException.Kind;
import dev.plinth.base.error.UnsupportedDatabaseException;
import dev.plinth.base.module.ModuleDescriptor;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes, checks and takes back the schemas of a set of modules and the links between them. {@code
 * Plinth} has one; thread-safe.
 */
public final class Migrator {

  /** The oldest major version of PostgreSQL that is supported. */
  public static final int OLDEST_SERVER = 15;

  private static final int MAJOR = 10_000;

  private final List<ModuleDescriptor> modules;
  private final List<Track> tracks;
  private final Scripts scripts = new Scripts();
  private final Connections connections;
  private final String rolePrefix;
  private final Schemas schemas;

  /**
   * Makes one.
   *
   * @param modules in the order of their dependencies
   * @param dataSource of the owner, direct and not through a pooler; at least three connections
   */
  public Migrator(List<ModuleDescriptor> modules, DataSource dataSource, String rolePrefix) {
    this.modules = List.copyOf(modules);
    this.tracks = Track.of(this.modules);
    this.connections = new Connections(dataSource);
    this.rolePrefix = rolePrefix;
    this.schemas = new Schemas(dataSource, rolePrefix);
  }

  /**
   * Makes the roles, grants them, and applies what is missing: the migrations of the modules, then
   * those of the links between them. Any number of hosts may do so at once. With nothing to do it
   * takes a few short statements.
   *
   * @param hostLogin who runs the application, or null if that is the owner
   * @throws UnsupportedDatabaseException if the server is too old
   * @throws DatabaseUnavailableException if it cannot be reached
   * @throws SchemaMismatchException if a schema is ahead, was changed, or is somebody else's
   * @throws dev.plinth.base.error.MissingRolesException if roles are missing and the owner may not
   *     make them
   */
  public void migrate(@Nullable String hostLogin) {
    connections.runAlone(
        connection -> {
          Installed before = checked(connection);
          before.schemas().values().forEach(SchemaState::requireOwned);
          new Roles(rolePrefix, hostLogin).ensure(connection);
          List<Track> pending = pending(before);
          pending.forEach(schemas::migrate);
          if (!pending.isEmpty() || before.isHidden()) {
            Connections.execute(connection, Completion.sql(completed(before)));
          }
          Composition.make(connection);
        });
  }

  /**
   * The SQL that does what {@link #migrate} would do now, for a DBA to run as the owner; changes
   * nothing.
   *
   * @param hostLogin who runs the application
   * @throws SchemaMismatchException if a schema is ahead, was changed, or is somebody else's
   */
  public String print(String hostLogin) {
    return connections.call(
        connection -> {
          Installed now = checked(connection);
          Printout printout = new Printout(now, scripts).roles(rolePrefix, hostLogin);
          pending(now).forEach(printout::migrations);
          return printout.completed(completed(now));
        });
  }

  /**
   * Compares the schemas with this version; changes nothing.
   *
   * @param hostLogin who runs the application, or null if that is who asks
   * @throws UnsupportedDatabaseException if the server is too old
   * @throws DatabaseUnavailableException if it cannot be reached
   * @throws SchemaMismatchException if a schema is behind, ahead, changed, or somebody else's
   * @throws dev.plinth.base.error.MissingRolesException if the login lacks the roles
   */
  public void validate(@Nullable String hostLogin) {
    connections.run(
        connection -> {
          requireServer(connection);
          requirePrefix(connection);
          Installed now = Installed.read(connection, modules);
          modules.forEach(module -> now.schema(module).requireMigrated());
          now.requireKnownLinks(tracks);
          tracks.forEach(track -> validate(track, now));
          new Roles(rolePrefix, hostLogin).requireGranted(connection);
        });
  }

  /**
   * Takes migrations of one module or link back, newest first, all in one transaction. The links of
   * the module itself go first.
   *
   * @param name of a module, or of a link: {@code notes+labels}
   * @param version what it is to be at afterwards; 0 drops its schema
   * @throws SchemaMismatchException if it was never migrated, or a newer version has migrated
   *     anything here: how to take that back stands in its jar
   * @throws dev.plinth.base.error.ConflictException if another module, or its link, still uses what
   *     is to go; nothing is changed then
   */
  public void rollback(String name, int version) {
    Track track =
        tracks.stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new InvalidValueException("module " + name, "was not added"));
    if (version < 0) {
      throw new InvalidValueException("version", "must not be negative");
    }
    connections.runAlone(
        connection -> {
          requirePrefix(connection);
          Installed now = Installed.read(connection, modules);
          requireMigrated(track, now);
          now.requireKnownLinks(tracks);
          now.requireKnownMigrations(tracks);
          requireReached(version, now.history(track));
          new Rollback(connection, now, rolePrefix).to(track, version);
        });
  }

  private static void requireReached(int version, List<Applied> history) {
    int last =
        history.stream().filter(Applied::isMigration).mapToInt(Applied::number).max().orElse(0);
    if (version > last) {
      throw new InvalidValueException(
          "version", "must not be above " + last + ", the last applied");
    }
  }

  /**
   * Validates the foreign keys that links have added, where no row stands against it.
   *
   * @return those that stay as they are, because rows from before name what is not there
   * @throws dev.plinth.base.error.ConcurrentUpdateException if a table was busy for too long; those
   *     before it are validated
   */
  public List<Orphans> validateLinks() {
    return connections.callAlone(
        connection -> {
          Installed.read(connection, modules).schema(modules.get(0)).requireMigrated();
          return new ForeignKeys(connection).validate();
        });
  }

  /** What is there is what this version makes, as far as it goes. */
  private Installed checked(Connection connection) throws SQLException {
    requireServer(connection);
    requirePrefix(connection);
    Installed now = Installed.read(connection, modules);
    now.schemas().values().forEach(SchemaState::requireNotForeign);
    now.requireKnownLinks(tracks);
    tracks.stream()
        .filter(now::has)
        .filter(track -> standing(track, now) == Standing.ODD)
        .forEach(schemas::check);
    return now;
  }

  private void validate(Track track, Installed now) {
    if (track.complete()) {
      requireMigrated(track, now);
      if (standing(track, now) != Standing.CURRENT) {
        schemas.validate(track);
      }
    } else if (now.has(track) && standing(track, now) == Standing.ODD) {
      schemas.check(track);
    }
  }

  private static void requireMigrated(Track track, Installed now) {
    now.schema(track.module()).requireMigrated();
    if (!now.has(track)) {
      throw new SchemaMismatchException(
          track.module().name(),
          Kind.BEHIND,
          "link " + track.name() + " was not applied; run migrate()",
          null);
    }
  }

  /** The links of modules that this host does not have are left as they are. */
  private List<Track> pending(Installed now) {
    return tracks.stream()
        .filter(Track::complete)
        .filter(track -> standing(track, now) != Standing.CURRENT)
        .toList();
  }

  private List<Track> completed(Installed before) {
    return tracks.stream().filter(track -> track.complete() || before.has(track)).toList();
  }

  private Standing standing(Track track, Installed now) {
    return Standing.of(scripts.of(track), now.history(track));
  }

  /** The prefix of a database was chosen when its schema was made. */
  private void requirePrefix(Connection connection) throws SQLException {
    boolean made =
        Connections.holds(
            connection,
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n"
                + " ON n.oid = p.pronamespace WHERE n.nspname = 'plinth_base' AND p.proname = 'role_prefix')");
    if (made
        && !Connections.holds(
            connection, "SELECT plinth_base.role_prefix() = '" + rolePrefix + "'")) {
      throw new SchemaMismatchException(
          "base", Kind.CHANGED, "its roles do not begin with " + rolePrefix, null);
    }
  }

  private static void requireServer(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT current_setting('server_version_num')")) {
      row.next();
      int version = row.getInt(1) / MAJOR;
      if (version < OLDEST_SERVER) {
        throw new UnsupportedDatabaseException(version, OLDEST_SERVER, null);
      }
    }
  }
}
