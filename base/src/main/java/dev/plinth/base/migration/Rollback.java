package dev.plinth.base.migration;

import dev.plinth.base.module.ModuleDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Takes the migrations of one module back, by the script {@code U…} beside each {@code V…}. */
final class Rollback {

  private final Connection connection;
  private final ModuleDescriptor module;
  private final String history;
  private final String rolePrefix;

  Rollback(Connection connection, ModuleDescriptor module, String rolePrefix) {
    this.connection = connection;
    this.module = module;
    this.history = module.schema() + "." + Schemas.HISTORY;
    this.rolePrefix = rolePrefix;
  }

  void to(int version) throws SQLException {
    Roles.set(connection, Roles.PREFIX_SETTING, rolePrefix);
    connection.setAutoCommit(false);
    try {
      for (String script : appliedAbove(version)) {
        undo(script);
        connection.commit();
      }
      if (version == 0) {
        Composition.drop(connection);
        execute("DROP TABLE " + history + "; DROP SCHEMA " + module.schema());
        Composition.make(connection);
        connection.commit();
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private List<String> appliedAbove(int version) throws SQLException {
    String sql =
        "SELECT script FROM %s WHERE version IS NOT NULL AND version::int > ? ORDER BY installed_rank DESC"
            .formatted(history);
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setInt(1, version);
      try (ResultSet rows = query.executeQuery()) {
        List<String> scripts = new ArrayList<>();
        while (rows.next()) {
          scripts.add(rows.getString(1));
        }
        return scripts;
      }
    }
  }

  private void undo(String script) throws SQLException {
    Composition.drop(connection);
    execute(read("db/rollback/" + module.name() + "/U" + script.substring(1)));
    try (PreparedStatement forget =
        connection.prepareStatement("DELETE FROM " + history + " WHERE script = ?")) {
      forget.setString(1, script);
      forget.executeUpdate();
    }
    Composition.make(connection);
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String read(String resource) {
    try (InputStream in = module.resources().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("There is no way back: " + resource + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
