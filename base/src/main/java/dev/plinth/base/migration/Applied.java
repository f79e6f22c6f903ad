package dev.plinth.base.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A row of a history.
 *
 * @param rank which one in the order of their installation
 * @param version of the migration, or an empty string
 * @param type what Flyway calls it: SQL for a migration
 * @param checksum of the file that was applied
 */
record Applied(
    int rank,
    String version,
    String type,
    String script,
    @Nullable Integer checksum,
    boolean success) {

  private static final String QUERY =
      "SELECT '%1$s', installed_rank, coalesce(version, '') AS version, type, script, checksum, success FROM %1$s";

  /** What Flyway notes beside migrations: that it made the schema, that it began with one. */
  private static final Set<String> NOTES = Set.of("SCHEMA", "BASELINE");

  /** The rows of these history tables in the order of their installation, in one round trip. */
  static Map<String, List<Applied>> in(Connection connection, Collection<String> tables)
      throws SQLException {
    Map<String, List<Applied>> histories = new HashMap<>();
    tables.forEach(table -> histories.put(table, new ArrayList<>()));
    if (tables.isEmpty()) {
      return histories;
    }
    String sql = tables.stream().map(QUERY::formatted).collect(Collectors.joining(" UNION ALL "));
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql + " ORDER BY 1, 2")) {
      while (rows.next()) {
        List<Applied> history = histories.get(rows.getString(1));
        if (history != null) {
          history.add(of(rows));
        }
      }
    }
    return histories;
  }

  private static Applied of(ResultSet rows) throws SQLException {
    return new Applied(
        rows.getInt("installed_rank"),
        rows.getString("version"),
        rows.getString("type"),
        rows.getString("script"),
        rows.getObject("checksum", Integer.class),
        rows.getBoolean("success"));
  }

  /** The version of a migration; others have none. */
  int number() {
    return Integer.parseInt(version);
  }

  boolean isMigration() {
    return !NOTES.contains(type);
  }

  /** Whether it is what this file would leave, had it been applied now. */
  boolean isOf(Script file) {
    return success
        && type.equals("SQL")
        && script.equals(file.name())
        && Integer.valueOf(file.checksum()).equals(checksum);
  }
}
