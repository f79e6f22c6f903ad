package dev.plinth.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the README shows is what is there. */
class ReadmeTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String README = read(ROOT.resolve("README.md"));

  @Test
  void theExampleIsTheCodeThatCompiles() {
    String source = read(ROOT.resolve("host-app/src/main/java/dev/plinth/host/Embedding.java"));
    Matcher shown = Pattern.compile("(?s)```java\n(.*?)```").matcher(README);
    Matcher compiled =
        Pattern.compile("(?s)// README: begin\n(.*?) *// README: end").matcher(source);

    assertThat(shown.find()).isTrue();
    assertThat(compiled.find()).isTrue();
    assertThat(compiled.group(1).indent(-4)).isEqualTo(shown.group(1));
  }

  @Test
  void theExampleRuns() throws Exception {
    try (TestDatabase database = TestServer.shared().empty()) {
      try (var connection = database.owner().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("CREATE SCHEMA app; CREATE TABLE app.orders (text text)");
        statement.execute(
            "ALTER ROLE CURRENT_USER IN DATABASE " + database.name() + " SET search_path = app");
      }

      try (Plinth plinth = Embedding.embed(database.ownerPool())) {
        assertThat(plinth.modules()).hasSize(3);
        Eventually.is(
            "ordered and shipped", () -> orders(database).equals(List.of("for Apollo", "shipped")));
      }
    }
  }

  private static List<String> orders(TestDatabase database) {
    try (var connection = database.owner().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT text FROM app.orders ORDER BY text")) {
      List<String> orders = new ArrayList<>();
      while (rows.next()) {
        orders.add(rows.getString(1));
      }
      return orders;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theQuickStartIsTwoCommandsAndTheSecondIsWhatCiRuns() {
    String section = README.substring(README.indexOf("## Quick start"));
    section = section.substring(0, section.indexOf("\n## ", 1));
    List<String> blocks = new ArrayList<>();
    Matcher fenced = Pattern.compile("(?s)```sh\n(.*?)\n```").matcher(section);
    while (fenced.find()) {
      blocks.add(fenced.group(1));
    }

    assertThat(blocks).hasSize(2).noneMatch(block -> block.contains("\n"));
    assertThat(read(ROOT.resolve(".ci/run")).strip()).isEqualTo(blocks.get(1));
  }

  @Test
  void everyTestThatADocumentNamesIsThere() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Path document : documents()) {
      Matcher named =
          Pattern.compile("`([A-Z][A-Za-z]+Test)(?:\\.([a-z]\\w+))?`").matcher(read(document));
      while (named.find()) {
        if (!exists(named.group(1), named.group(2))) {
          missing.add(document.getFileName() + " names " + named.group());
        }
      }
    }

    assertThat(missing).isEmpty();
  }

  @Test
  void theReadmeIsShort() {
    assertThat(README.lines().count()).isLessThan(200);
  }

  private static List<Path> documents() throws IOException {
    try (var files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.toString().contains("/target/"))
          .toList();
    }
  }

  private static boolean exists(String type, @Nullable String method) throws IOException {
    try (var files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.endsWith(type + ".java"))
          .filter(file -> !file.toString().contains("/target/"))
          .anyMatch(file -> method == null || read(file).contains(" " + method + "("));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError("Cannot read " + file, e);
    }
  }
}
