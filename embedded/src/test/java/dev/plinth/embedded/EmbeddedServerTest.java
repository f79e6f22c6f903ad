package dev.plinth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
