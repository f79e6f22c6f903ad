package dev.plinth.base.migration;

import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.SchemaMismatchException;
import dev.plinth.base.error.SqlErrors;
import dev.plinth.base.error.UnsupportedDatabaseException;
import dev.plinth.base.module.ModuleDescriptor;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Makes, checks and takes back the schemas of a set of modules. {@code Plinth} has one. */
public final class Migrator {

  /** The oldest major version of PostgreSQL that is supported. */
  public static final int OLDEST_SERVER = 15;

  /** Any number, the same in every host: "plinth" in ASCII. */
  private static final long LOCK = 0x706c696e7468L;

  private static final Duration LOCK_POLL = Duration.ofMillis(50);
  private static final int MAJOR = 10_000;

  private final List<ModuleDescriptor> modules;
  private final DataSource dataSource;
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
    this.dataSource = dataSource;
    this.rolePrefix = rolePrefix;
    this.schemas = new Schemas(dataSource, rolePrefix);
  }

  /**
   * Makes the roles, grants them, and applies what is missing. Any number of hosts may do so at
   * once.
   *
   * @param hostLogin who runs the application, or null if that is the owner
   * @throws UnsupportedDatabaseException if the server is too old
   * @throws DatabaseUnavailableException if it cannot be reached
   * @throws SchemaMismatchException if a schema is ahead, was changed, or is somebody else's
   * @throws dev.plinth.base.error.MissingRolesException if roles are missing and the owner may not
   *     make them
   */
  public void migrate(@Nullable String hostLogin) {
    locked(
        connection -> {
          requireServer(connection);
          requirePrefix(connection);
          new Roles(rolePrefix, hostLogin).ensure(connection);
          for (ModuleDescriptor module : modules) {
            SchemaState.of(connection, module).requireOwn();
            schemas.migrate(module);
            showHistory(connection, module);
          }
          Composition.make(connection);
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
    connected(
        connection -> {
          requireServer(connection);
          requirePrefix(connection);
          for (ModuleDescriptor module : modules) {
            SchemaState.of(connection, module).requireMigrated();
            schemas.validate(module);
          }
          new Roles(rolePrefix, hostLogin).requireGranted(connection);
        });
  }

  /**
   * Takes migrations of one module back, newest first, each in a transaction of its own.
   *
   * @param version what the module is to be at afterwards; 0 drops its schema
   * @throws SchemaMismatchException if the module was never migrated
   * @throws dev.plinth.base.error.ConflictException if another module still uses what is to go; the
   *     migrations before it are taken back
   */
  public void rollback(String module, int version) {
    ModuleDescriptor descriptor =
        modules.stream()
            .filter(candidate -> candidate.name().equals(module))
            .findFirst()
            .orElseThrow(() -> new InvalidValueException("module " + module, "was not added"));
    if (version < 0) {
      throw new InvalidValueException("version", "must not be negative");
    }
    locked(
        connection -> {
          SchemaState.of(connection, descriptor).requireMigrated();
          new Rollback(connection, descriptor, rolePrefix).to(version);
        });
  }

  private interface Step {
    void take(Connection connection) throws SQLException;
  }

  private void locked(Step step) {
    connected(
        connection -> {
          // Tried again and again rather than waited for: a waiting statement keeps a snapshot, and
          // a CREATE INDEX CONCURRENTLY of the one that has the lock would wait for it for ever.
          while (!holds(connection, "SELECT pg_try_advisory_lock(" + LOCK + ")")) {
            LockSupport.parkNanos(LOCK_POLL.toNanos());
            if (Thread.currentThread().isInterrupted()) {
              throw new DatabaseUnavailableException(
                  "interrupted while another host was migrating", null);
            }
          }
          try {
            step.take(connection);
          } finally {
            if (!connection.isClosed()) {
              holds(connection, "SELECT pg_advisory_unlock(" + LOCK + ")");
            }
          }
        });
  }

  private void connected(Step step) {
    try (Connection connection = connect()) {
      connection.setAutoCommit(true);
      step.take(connection);
    } catch (SQLException e) {
      throw SqlErrors.translate(e);
    }
  }

  private Connection connect() {
    try {
      return dataSource.getConnection();
    } catch (SQLException e) {
      throw new DatabaseUnavailableException("no connection for migrations", e);
    }
  }

  /** The prefix of a database was chosen when its schema was made. */
  private void requirePrefix(Connection connection) throws SQLException {
    boolean made =
        holds(
            connection,
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n"
                + " ON n.oid = p.pronamespace WHERE n.nspname = 'plinth_base' AND p.proname = 'role_prefix')");
    if (made && !holds(connection, "SELECT plinth_base.role_prefix() = '" + rolePrefix + "'")) {
      throw new SchemaMismatchException(
          "base",
          SchemaMismatchException.Kind.CHANGED,
          "its roles do not begin with " + rolePrefix,
          null);
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

  /** So that {@code validate()} works as the host's login, which owns nothing. */
  private static void showHistory(Connection connection, ModuleDescriptor module)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "GRANT USAGE ON SCHEMA %1$s TO PUBLIC; GRANT SELECT ON %1$s.%2$s TO PUBLIC"
              .formatted(module.schema(), Schemas.HISTORY));
    }
  }

  private static boolean holds(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() && row.getBoolean(1);
    }
  }
}
