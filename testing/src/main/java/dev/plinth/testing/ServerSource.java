package dev.plinth.testing;

import dev.plinth.embedded.EmbeddedServer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Where the server of the tests comes from. */
enum ServerSource {
  URL {
    @Override
    String url() {
      return setting("url").orElseThrow();
    }
  },
  TESTCONTAINERS {
    @Override
    @SuppressWarnings("resource") // ends with the JVM: Testcontainers sees to it
    String url() {
      String image = "postgres:" + setting("postgres").orElse("18") + "-alpine";
      PostgreSQLContainer container =
          new PostgreSQLContainer(image).withUsername("postgres").withPassword("postgres");
      container.start();
      return container.getJdbcUrl() + "&user=postgres&password=postgres";
    }
  },
  EMBEDDED {
    @Override
    String url() {
      Map<String, String> settings =
          Map.of("max_connections", "200", "shared_buffers", "64MB", "autovacuum", "off");
      return EmbeddedServer.start(settings).url("postgres", EmbeddedServer.SUPERUSER);
    }
  };

  abstract String url();

  static ServerSource chosen() {
    if (setting("url").isPresent()) {
      return URL;
    }
    String named = setting("database").orElse("embedded");
    return valueOf(named.toUpperCase(Locale.ROOT));
  }

  PGSimpleDataSource superuser() {
    String url = url();
    @Nullable Properties parsed = Driver.parseURL(url, null);
    if (parsed == null) {
      throw new IllegalStateException("This is no JDBC URL of PostgreSQL: " + url);
    }
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {parsed.getProperty("PGHOST", "localhost")});
    source.setPortNumbers(new int[] {Integer.parseInt(parsed.getProperty("PGPORT", "5432"))});
    source.setDatabaseName(parsed.getProperty("PGDBNAME", "postgres"));
    source.setUser(parsed.getProperty("user", "postgres"));
    source.setPassword(parsed.getProperty("password"));
    return source;
  }

  /**
   * The system property {@code plinth.test.<name>}, else the variable {@code PLINTH_TEST_<NAME>}.
   */
  private static Optional<String> setting(String name) {
    String value = System.getProperty("plinth.test." + name);
    if (value == null || value.isBlank()) {
      value = System.getenv("PLINTH_TEST_" + name.toUpperCase(Locale.ROOT));
    }
    return Optional.ofNullable(value).filter(text -> !text.isBlank());
  }
}
