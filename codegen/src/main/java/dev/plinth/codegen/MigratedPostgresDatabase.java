package dev.plinth.codegen;

import dev.plinth.embedded.EmbeddedServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.meta.TableDefinition;
import org.jooq.meta.postgres.PostgresDatabase;
import org.jspecify.annotations.Nullable;

/**
 * A database for jooq-codegen-maven that makes itself: it starts an embedded PostgreSQL and applies
 * the migrations of the module in the property {@code module}, whose resources are in the property
 * {@code resources}, and of the modules it depends on.
 */
public final class MigratedPostgresDatabase extends PostgresDatabase {

  /** Kept, so that its level is: a build has more to say than which migrations it tried. */
  private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

  private @Nullable EmbeddedServer server;
  private @Nullable Connection connection;

  @Override
  protected DSLContext create0() {
    if (connection == null) {
      connection = migrated();
      setConnection(connection);
    }
    return DSL.using(connection, SQLDialect.POSTGRES);
  }

  /** Without partitions: rows are read and written through the table that they are parts of. */
  @Override
  protected List<TableDefinition> getTables0() throws SQLException {
    Set<String> partitions =
        create()
            .fetch(
                "SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relispartition")
            .intoSet(0, String.class);
    return super.getTables0().stream()
        .filter(table -> !partitions.contains(table.getSchema().getName() + "." + table.getName()))
        .toList();
  }

  @Override
  public void close() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot close the code generator's connection", e);
    } finally {
      if (server != null) {
        server.close();
      }
      super.close();
    }
  }

  private Connection migrated() {
    FLYWAY.setLevel(Level.WARNING);
    ModuleMigrations migrations =
        new ModuleMigrations(
            Path.of(getProperties().getProperty("resources")),
            Thread.currentThread().getContextClassLoader());
    server = EmbeddedServer.start();
    String url = server.url("postgres", EmbeddedServer.SUPERUSER);
    try {
      Connection fresh = DriverManager.getConnection(url);
      try (Statement statement = fresh.createStatement()) {
        statement.execute(migrations.roles());
      }
      migrations
          .inOrder(getProperties().getProperty("module"))
          .forEach(module -> migrations.apply(module, url));
      return fresh;
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot prepare the database for code generation", e);
    }
  }
}
