package dev.plinth.host;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.plinth.base.config.DatabaseUrl;
import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.embedded.EmbeddedServer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The database of the host: the one that is named, else a throw-away one. */
final class HostDatabase implements AutoCloseable {

  static final String VARIABLE = "DATABASE_URL";
  private static final int POOL_SIZE = 5;
  private static final long CONNECTION_LIMIT_MS = 10_000;

  private final HikariDataSource pool;
  private final @Nullable EmbeddedServer server;

  private HostDatabase(HikariDataSource pool, @Nullable EmbeddedServer server) {
    this.pool = pool;
    this.server = server;
  }

  static HostDatabase named(String url, Progress progress) {
    DatabaseUrl database = DatabaseUrl.parse(url);
    progress.step("connecting to " + database);
    return new HostDatabase(pool(database), null);
  }

  static HostDatabase throwAway(Progress progress) {
    progress.step("starting a throw-away PostgreSQL (" + VARIABLE + " would name another)");
    EmbeddedServer server = EmbeddedServer.start();
    DatabaseUrl database = DatabaseUrl.parse(server.url("postgres", EmbeddedServer.SUPERUSER));
    return new HostDatabase(pool(database), server);
  }

  DataSource dataSource() {
    return pool;
  }

  @Override
  public void close() {
    pool.close();
    if (server != null) {
      server.close();
    }
  }

  private static HikariDataSource pool(DatabaseUrl database) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl());
    database.user().ifPresent(config::setUsername);
    database.password().ifPresent(config::setPassword);
    config.setMaximumPoolSize(POOL_SIZE);
    config.setConnectionTimeout(CONNECTION_LIMIT_MS);
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new DatabaseUnavailableException(database.toString(), e);
    }
  }
}
