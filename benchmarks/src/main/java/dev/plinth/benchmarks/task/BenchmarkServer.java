package dev.plinth.benchmarks.task;

import dev.plinth.embedded.EmbeddedServer;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * The server that all contenders share: the one that {@code plinth.bench.url} names as a superuser,
 * else an embedded one that is as durable as PostgreSQL is by default.
 */
final class BenchmarkServer {

  /** What the embedded server, which is made for tests, would otherwise switch off. */
  private static final Map<String, String> SETTINGS =
      Map.of("fsync", "on", "full_page_writes", "on", "max_connections", "200");

  private static final String DESCRIPTION =
      """
      SELECT 'PostgreSQL ' || current_setting('server_version') || ', '
        || string_agg(name || ' ' || setting || coalesce(unit, ''), ', ' ORDER BY name)
        FROM pg_settings
       WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers',
                      'autovacuum', 'data_directory')
      """;

  private BenchmarkServer() {}

  /** Chooses it for this JVM's {@link TestServer}. */
  static void start() {
    String url = System.getProperty("plinth.bench.url", "");
    if (url.isBlank()) {
      url = EmbeddedServer.start(SETTINGS).url("postgres", EmbeddedServer.SUPERUSER);
    }
    System.setProperty("plinth.test.url", url);
  }

  /** What the figures depend on. */
  static String description() throws SQLException {
    try (TestDatabase database = TestServer.shared().empty();
        Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(DESCRIPTION)) {
      row.next();
      return "%d cores, JDK %s, %s"
          .formatted(
              Runtime.getRuntime().availableProcessors(), Runtime.version(), row.getString(1));
    }
  }
}
