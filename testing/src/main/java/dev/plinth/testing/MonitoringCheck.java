package dev.plinth.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Looks whether the composed views can be had without reading a tenant's table to its end: by an
 * index that holds little more than what is wrong, or of a sample.
 */
final class MonitoringCheck {

  private static final List<String> VIEWS =
      List.of("system_health", "data_quality_metrics", "data_integrity_checks");

  /** The database is small: so that the planner does what it has to do in a large one. */
  private static final String AS_IF_LARGE =
      "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;"
          + " SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off";

  /** Tables of tenants, and of their indexes those that hold every row. */
  private static final String WHOLE =
      """
      SELECT format('%s on %I.%I', s.kind, n.nspname, c.relname)
      FROM plinth_base.module_schemas() m
      JOIN pg_namespace n ON n.oid = m.schema_oid
      JOIN pg_class c ON c.relnamespace = n.oid
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
      CROSS JOIN LATERAL (
        SELECT 'Seq Scan' AS kind
        UNION ALL
        SELECT format(w, x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
        CROSS JOIN unnest(ARRAY['Index Scan using %I', 'Index Only Scan using %I']) AS w
        WHERE i.indrelid = c.oid AND i.indpred IS NULL) s
      WHERE c.relkind IN ('r', 'p')
      """;

  /** A node of a plan and what stands below it, up to the next one. */
  private static final Pattern NODE =
      Pattern.compile(
          "(?m)^.*?((?:\\w+ )*Scan (?:using \\w+ )?on [\\w.]+)[^\\n]*\\n((?:(?!.*->).*\\n?)*)");

  /** Looks something up; that a column is not null holds for every row. */
  private static final Pattern BOUNDED = Pattern.compile("Index Cond:.*[=<>]");

  private final DataSource superuser;

  MonitoringCheck(DataSource superuser) {
    this.superuser = superuser;
  }

  /** What reads a table to its end. */
  List<Finding> unbounded() {
    List<Finding> findings = new ArrayList<>();
    try (Connection connection = superuser.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      Set<String> whole = new TreeSet<>(lines(statement, WHOLE));
      statement.execute(AS_IF_LARGE);
      for (String view : VIEWS) {
        String plan =
            String.join("\n", lines(statement, "EXPLAIN (VERBOSE) TABLE plinth_base." + view));
        findings.addAll(unbounded(view, plan, whole));
      }
      connection.rollback();
    } catch (SQLException e) {
      throw new IllegalStateException("The composed views cannot be planned", e);
    }
    return findings;
  }

  private static List<Finding> unbounded(String view, String plan, Set<String> whole) {
    List<Finding> findings = new ArrayList<>();
    Matcher node = NODE.matcher(plan);
    while (node.find()) {
      if (whole.contains(node.group(1)) && !BOUNDED.matcher(node.group(2)).find()) {
        findings.add(new Finding("monitoring", view, "reads a table to its end: " + node.group(1)));
      }
    }
    return findings;
  }

  private static List<String> lines(Statement statement, String sql) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        lines.add(rows.getString(1));
      }
    }
    return lines;
  }
}
