package dev.plinth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerTest {

  @Test
  void aServerAnswersWithItsSettingsAndIsGoneWhenClosed() throws SQLException {
    String url;
    try (EmbeddedServer server = EmbeddedServer.start(Map.of("work_mem", "7MB"))) {
      url = server.url("postgres", EmbeddedServer.SUPERUSER);
      try (var connection = DriverManager.getConnection(url);
          var statement = connection.createStatement();
          var row = statement.executeQuery("SELECT current_setting('work_mem'), current_user")) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("7MB");
        assertThat(row.getString(2)).isEqualTo("postgres");
      }
    }

    assertThatThrownBy(() -> DriverManager.getConnection(url)).isInstanceOf(SQLException.class);
  }

  /**
   * As root, {@code unshare} is how the library steps down; here it fails, as in many containers.
   */
  @Test
  @EnabledOnOs(OS.LINUX)
  void itStartsWhereUnshareIsForbidden(@TempDir Path directory) throws Exception {
    Path unshare = Files.writeString(directory.resolve("unshare"), "#!/bin/sh\nexit 1\n");
    assertThat(unshare.toFile().setExecutable(true)).isTrue();
    ProcessBuilder child =
        new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-cp",
            System.getProperty("java.class.path"),
            StartAndStop.class.getName());
    child.environment().compute("PATH", (name, path) -> directory + ":" + path);
    Process process = child.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("started and answered, twice");
  }

  /** What the child does. */
  static final class StartAndStop {

    private StartAndStop() {}

    public static void main(String[] arguments) throws SQLException {
      try (EmbeddedServer server = EmbeddedServer.start()) {
        String url = server.url("postgres", EmbeddedServer.SUPERUSER);
        DriverManager.getConnection(url).close();
        server.kill();
        server.restart();
        DriverManager.getConnection(url).close();
        System.out.println("started and answered, twice");
      }
    }
  }

  @Test
  void aKilledServerComesBackWithWhatWasCommittedAndNothingElse() throws SQLException {
    try (EmbeddedServer server = EmbeddedServer.start(Map.of("work_mem", "7MB"))) {
      String url = server.url("postgres", EmbeddedServer.SUPERUSER);
      try (var connection = DriverManager.getConnection(url);
          var statement = connection.createStatement()) {
        statement.execute("CREATE TABLE kept (text text); INSERT INTO kept VALUES ('committed')");
        connection.setAutoCommit(false);
        statement.execute("INSERT INTO kept VALUES ('open')");

        server.kill();

        assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> DriverManager.getConnection(url)).isInstanceOf(SQLException.class);
      }

      server.restart();

      try (var connection = DriverManager.getConnection(url);
          var statement = connection.createStatement();
          var row =
              statement.executeQuery(
                  "SELECT string_agg(text, ','), current_setting('work_mem') FROM kept")) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("committed");
        assertThat(row.getString(2)).isEqualTo("7MB");
      }
    }
  }

  @Test
  void itListensOnLoopbackOnly() throws SQLException {
    try (EmbeddedServer server = EmbeddedServer.start();
        var connection =
            DriverManager.getConnection(server.url("postgres", EmbeddedServer.SUPERUSER));
        var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW listen_addresses")) {
      row.next();
      assertThat(row.getString(1)).isEqualTo("localhost");
    }
  }
}
