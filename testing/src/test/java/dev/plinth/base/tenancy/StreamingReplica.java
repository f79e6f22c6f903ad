package dev.plinth.base.tenancy;

import dev.plinth.embedded.EmbeddedServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A primary and a hot standby that streams from it. The primary itself copies its files and starts
 * the standby, through COPY … TO PROGRAM: so it runs as the user that may run PostgreSQL here.
 */
final class StreamingReplica implements AutoCloseable {

  private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(60);

  /** What a standby needs in the same size, and where it streams from. */
  private static final String CONFIGURATION =
      """
      SELECT format('%%s = ''%%s''', name, setting) FROM pg_settings
      WHERE name IN ('max_connections', 'max_worker_processes', 'max_wal_senders',
                     'max_prepared_transactions', 'max_locks_per_transaction')
      UNION ALL SELECT 'fsync = off'
      UNION ALL SELECT 'primary_conninfo = ''host=localhost port=%d user=postgres'''
      """;

  private final EmbeddedServer primary = EmbeddedServer.start();
  private final Path files =
      Path.of(System.getProperty("java.io.tmpdir"), "plinth-standby-" + UUID.randomUUID());
  private final int port = freePort();

  StreamingReplica() throws SQLException {
    try (Connection connection = superuser(primary.port())) {
      one(connection, "SELECT pg_backup_start('standby', true)::text");
      program(connection, "SELECT", "cp -R . %1$s; rm -f %1$s/postmaster.pid; chmod 700 %1$s");
      program(
          connection,
          "SELECT unnest(string_to_array(labelfile, chr(10))) FROM pg_backup_stop(false)",
          "cat > %1$s/backup_label");
      program(
          connection,
          CONFIGURATION.formatted(primary.port()),
          "cat >> %1$s/postgresql.auto.conf; touch %1$s/standby.signal");
      control(connection, "-l %1$s/log -o '-p " + port + "' -w start");
    }
  }

  DataSource primary(String database, String user) {
    return source(primary.port(), database, user);
  }

  PGSimpleDataSource replica(String database, String user) {
    return source(port, database, user);
  }

  void pause() throws SQLException {
    try (Connection connection = superuser(port)) {
      one(connection, "SELECT pg_wal_replay_pause()::text");
      until(connection, "SELECT pg_get_wal_replay_pause_state() = 'paused'");
    }
  }

  void resume() throws SQLException {
    try (Connection connection = superuser(port)) {
      one(connection, "SELECT pg_wal_replay_resume()::text");
    }
  }

  /** Waits until the standby has what the primary has now. */
  void catchUp() throws SQLException {
    try (Connection ahead = superuser(primary.port());
        Connection behind = superuser(port)) {
      String now = one(ahead, "SELECT pg_current_wal_lsn()::text");
      until(behind, "SELECT pg_last_wal_replay_lsn() >= '" + now + "'::pg_lsn");
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = superuser(primary.port());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    try (Connection connection = superuser(primary.port())) {
      control(connection, "-m immediate -w stop");
      program(connection, "SELECT", "rm -rf %1$s");
    } finally {
      primary.close();
    }
  }

  /** {@code pg_ctl}, the real one where root's stands in front of it. */
  private void control(Connection connection, String arguments) throws SQLException {
    String directory = one(connection, "SELECT setting FROM pg_config WHERE name = 'BINDIR'");
    String program = "P=%s/pg_ctl; test -x $P.real && P=$P.real; ".formatted(directory);
    program(connection, "SELECT", program + "$P -D %1$s " + arguments + " > /dev/null 2>&1");
  }

  private void program(Connection connection, String query, String command) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      String shell = command.formatted(files).replace("'", "''");
      statement.execute("COPY (%s) TO PROGRAM '%s'".formatted(query, shell));
    }
  }

  private static void until(Connection connection, String condition) throws SQLException {
    long end = System.nanoTime() + CATCH_UP_LIMIT.toNanos();
    while (!one(connection, condition).equals("t")) {
      if (System.nanoTime() > end) {
        throw new AssertionError("Still not so: " + condition);
      }
      Thread.onSpinWait();
    }
  }

  private static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static Connection superuser(int port) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + port + "/postgres?user=" + EmbeddedServer.SUPERUSER);
  }

  private static PGSimpleDataSource source(int port, String database, String user) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(database);
    source.setUser(user);
    return source;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
