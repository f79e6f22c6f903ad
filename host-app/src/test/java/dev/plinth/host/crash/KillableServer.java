package dev.plinth.host.crash;

import com.zaxxer.hikari.HikariDataSource;
import dev.plinth.base.Plinth;
import dev.plinth.base.module.PlinthModule;
import dev.plinth.embedded.EmbeddedServer;
import dev.plinth.testing.Eventually;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.sql.DataSource;

/** A server of a test's own, that is killed in the middle of something and started again. */
final class KillableServer implements AutoCloseable {

  /** Stops what {@link #stopAt} names, for as long as a session of the test holds this lock. */
  static final String STOP = "SELECT pg_advisory_xact_lock(4711)";

  private static final int POOL_SIZE = 4;

  /** Milliseconds that work waits for a connection while the server is dead. */
  private static final int POOL_TIMEOUT = 5_000;

  private static final String OWNER = "crash_owner";
  private static final String HOST = "crash_host";

  private static final String WAITING =
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

  private final EmbeddedServer server = EmbeddedServer.start(Map.of("autovacuum", "off"));
  private final List<HikariDataSource> pools = new ArrayList<>();
  private String database = EmbeddedServer.SUPERUSER;
  private int databases;

  KillableServer() throws SQLException {
    execute("CREATE ROLE " + OWNER + " LOGIN NOINHERIT CREATEROLE");
    execute("CREATE ROLE " + HOST + " LOGIN NOINHERIT");
  }

  /** What the others speak of from now on. */
  void useEmptyDatabase() throws SQLException {
    String name = "crash_" + ++databases;
    execute("CREATE DATABASE " + name + " OWNER " + OWNER);
    database = name;
  }

  /** Of an owner who is no superuser, and a host; broken connections remain in their pools. */
  Plinth plinth(PlinthModule... modules) {
    return builder(modules).build();
  }

  /** The same with a clock that the test sets. */
  Plinth plinth(InstantSource clock, PlinthModule... modules) {
    return builder(modules).clock(clock).build();
  }

  private Plinth.Builder builder(PlinthModule... modules) {
    return Plinth.builder()
        .dataSource(pool(HOST))
        .migrationDataSource(pool(OWNER))
        .modules(modules);
  }

  /** A pool of the superuser, whom no policy binds. */
  DataSource superuser() {
    return pool(EmbeddedServer.SUPERUSER);
  }

  String hostUrl() {
    return server.url(database, HOST);
  }

  String ownerUrl() {
    return server.url(database, OWNER);
  }

  void kill() {
    server.kill();
  }

  void restart() {
    server.restart();
  }

  /** From now on, DDL on the object of that name waits for {@link #STOP} before it goes on. */
  void stopAt(String object) throws SQLException {
    execute(
        """
        CREATE FUNCTION public.stop() RETURNS event_trigger LANGUAGE plpgsql SET lock_timeout = 0 AS $$
        BEGIN
          IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity LIKE '%s%%') THEN
            PERFORM pg_advisory_xact_lock(4711);
          END IF;
        END $$;
        CREATE EVENT TRIGGER stop ON ddl_command_end EXECUTE FUNCTION public.stop();
        """
            .formatted(object));
  }

  void goOn() throws SQLException {
    execute("DROP EVENT TRIGGER stop; DROP FUNCTION public.stop()");
  }

  /** What happens while the work waits. */
  @FunctionalInterface
  interface Blow {

    /** Strikes. */
    void strike() throws Exception;
  }

  /** How work ends that is struck while a statement of it waits for a lock. */
  Throwable struck(Runnable work, String lock, Blow blow) throws Exception {
    CompletableFuture<Void> working;
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(lock);
      working = CompletableFuture.runAsync(work);
      awaitWaiting(working);
      blow.strike();
    }
    try {
      working.join();
    } catch (CompletionException e) {
      return e.getCause();
    }
    throw new AssertionError("The work was struck, and ended as if nothing had happened");
  }

  /** Until a session waits for a lock. */
  private void awaitWaiting(CompletableFuture<?> working) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement waiting = connection.prepareStatement(WAITING)) {
      Eventually.is("waiting for a lock", () -> working.isDone() || found(waiting));
    }
    if (working.isDone()) {
      throw new AssertionError(
          "The work ended and never waited", working.handle((r, e) -> e).join());
    }
  }

  private static boolean found(PreparedStatement query) {
    try (ResultSet row = query.executeQuery()) {
      return row.next();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends the session that waits, as an administrator does. */
  void terminateWhatWaits() throws SQLException {
    query("SELECT bool_and(pg_terminate_backend(pid, 5000)) FROM (" + WAITING + ") AS waiting");
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  String query(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(server.url(database, EmbeddedServer.SUPERUSER));
  }

  private HikariDataSource pool(String user) {
    // Hikari looks at what it lends only if it lay idle for half a second: here, always.
    System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "0");
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(server.url(database, user));
    pool.setMaximumPoolSize(POOL_SIZE);
    pool.setMinimumIdle(0);
    pool.setConnectionTimeout(POOL_TIMEOUT);
    pools.add(pool);
    return pool;
  }

  @Override
  public void close() {
    pools.forEach(HikariDataSource::close);
    server.close();
  }
}
