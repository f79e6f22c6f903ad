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

  private final DatabaseSettings settings;
  private final HikariDataSource pool;
  private final @Nullable EmbeddedServer server;

  private HostDatabase(
      DatabaseSettings settings, DatabaseUrl database, @Nullable EmbeddedServer server) {
    this.settings = settings;
    this.pool = pool(settings, settings.requireTls() ? Tls.required(database) : database);
    this.server = server;
  }

  static HostDatabase named(String url, DatabaseSettings settings, Progress progress) {
    DatabaseUrl database = DatabaseUrl.parse(url);
    progress.step("connecting to " + database);
    return new HostDatabase(settings, database, null);
  }

  static HostDatabase throwAway(DatabaseSettings settings, Progress progress) {
    progress.step("starting a throw-away PostgreSQL (" + VARIABLE + " would name another)");
    EmbeddedServer server = EmbeddedServer.start();
    DatabaseUrl database = DatabaseUrl.parse(server.url("postgres", EmbeddedServer.SUPERUSER));
    return new HostDatabase(settings, database, server);
  }

  /** The beginning of a Plinth on this database, as the environment wants it. */
  Plinth.Builder plinth() {
    Plinth.Builder builder = Plinth.builder().dataSource(pool);
    settings.slowStatements().ifPresent(builder::logSlowStatements);
    return settings.requireTls() ? builder.requireTls() : builder;
  }

  @Override
  public void close() {
    pool.close();
    if (server != null) {
      server.close();
    }
  }

  private static HikariDataSource pool(DatabaseSettings settings, DatabaseUrl database) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl());
    database.user().ifPresent(config::setUsername);
    database.password().ifPresent(config::setPassword);
    config.setMaximumPoolSize(settings.poolSize());
    config.setConnectionTimeout(settings.poolTimeout().toMillis());
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new DatabaseUnavailableException(database.toString(), e);
    }
  }
}
