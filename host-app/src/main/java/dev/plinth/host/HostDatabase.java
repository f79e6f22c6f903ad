package dev.plinth.host;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.plinth.base.Plinth;
import dev.plinth.base.config.DatabaseSettings;
import dev.plinth.base.config.DatabaseUrl;
import dev.plinth.base.config.Tls;
import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.embedded.EmbeddedServer;
import org.jspecify.annotations.Nullable;

/** The database of the host: the one that is named, else a throw-away one. */
final class HostDatabase implements AutoCloseable {

  static final String VARIABLE = "DATABASE_URL";

  /** As many as a migration takes: the pool of the host may be smaller. */
  private static final int MIGRATION_CONNECTIONS = 3;

  private final DatabaseSettings settings;
  private final HikariDataSource pool;
  private final HikariDataSource migrations;
  private final @Nullable EmbeddedServer server;

  private HostDatabase(
      DatabaseSettings settings, DatabaseUrl database, @Nullable EmbeddedServer server) {
    this.settings = settings;
    DatabaseUrl url = settings.requireTls() ? Tls.required(database) : database;
    this.pool = opened(url, configuration(settings, url));
    this.migrations = opened(url, forMigrations(settings, url));
    this.server = server;
  }

  static HostDatabase named(DatabaseUrl database, DatabaseSettings settings, Progress progress) {
    progress.step("connecting to " + database);
    return new HostDatabase(settings, database, null);
  }

  static HostDatabase throwAway(DatabaseSettings settings, Progress progress) {
    progress.step("starting a throw-away PostgreSQL (" + VARIABLE + " would name another)");
    EmbeddedServer server = EmbeddedServer.start();
    DatabaseUrl database = DatabaseUrl.parse(server.url("postgres", EmbeddedServer.SUPERUSER));
    return new HostDatabase(settings, database, server);
  }

  /**
   * The beginning of a Plinth on this database, as the environment wants it. It listens beside the
   * pool, which may be as small as one connection.
   */
  Plinth.Builder plinth() {
    Plinth.Builder builder =
        Plinth.builder()
            .dataSource(pool)
            .migrationDataSource(migrations)
            .listeningDataSource(migrations);
    settings.slowStatements().ifPresent(builder::logSlowStatements);
    return settings.requireTls() ? builder.requireTls() : builder;
  }

  @Override
  public void close() {
    migrations.close();
    pool.close();
    if (server != null) {
      server.close();
    }
  }

  private static HikariConfig configuration(DatabaseSettings settings, DatabaseUrl database) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl());
    database.user().ifPresent(config::setUsername);
    database.password().ifPresent(config::setPassword);
    config.setMaximumPoolSize(settings.poolSize());
    config.setConnectionTimeout(settings.poolTimeout().toMillis());
    return config;
  }

  /** Connects when it is needed, which is rarely. */
  private static HikariConfig forMigrations(DatabaseSettings settings, DatabaseUrl database) {
    HikariConfig config = configuration(settings, database);
    config.setMaximumPoolSize(MIGRATION_CONNECTIONS);
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    return config;
  }

  private static HikariDataSource opened(DatabaseUrl database, HikariConfig config) {
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new DatabaseUnavailableException(database.toString(), e);
    }
  }
}
