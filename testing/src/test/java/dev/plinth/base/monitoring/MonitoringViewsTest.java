package dev.plinth.base.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures about tables and indexes, on a table that was filled, read and left behind. */
@PlinthTest
class MonitoringViewsTest {

  /** More rows than one may read from end to end without being told, and many of them dead. */
  @BeforeAll
  static void fillReadAndLeaveBehind(
      TestDatabase database, Plinth plinth, Organization acme, Member alice) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO plinth_base.notifications (organization_id, user_id, type, title) SELECT '%s', '%s', 'news', 'News'"
                  .formatted(acme.id(), alice.userId())
              + " FROM generate_series(1, 90000)");
      for (int i = 0; i < 10; i++) {
        statement.execute("SELECT count(*) FROM plinth_base.notifications WHERE title <> ''");
      }
      statement.execute(
          "DELETE FROM plinth_base.notifications WHERE id IN (SELECT id FROM plinth_base.notifications LIMIT 30000)");
      statement.execute(
          "UPDATE pg_class SET reltuples = 20000 WHERE oid = 'plinth_base.invitations'::regclass");
      statement.execute("SELECT pg_stat_force_next_flush()");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM database_health_summary",
        "SELECT * FROM slow_query_analysis",
        "SELECT * FROM index_usage_analysis",
        "SELECT * FROM system_health",
        "SELECT * FROM data_quality_metrics",
        "SELECT * FROM data_integrity_checks",
        "SELECT * FROM critical_alerts",
        "SELECT * FROM maintenance_recommendations",
        "SELECT * FROM schema_migrations ORDER BY applied_at DESC",
        "SELECT * FROM slow_query_analysis WHERE priority = 'critical'",
        "SELECT * FROM performance_optimization_recommendations WHERE category = 'indexing'",
        "SELECT * FROM database_resource_utilization",
        "SELECT * FROM data_integrity_checks WHERE status = 'fail'",
        "SELECT check_name, issue_count FROM data_integrity_checks",
        "SELECT * FROM index_usage_analysis WHERE usage_status = 'unused'",
        "SELECT * FROM table_access_patterns WHERE recommendation LIKE '%Consider adding indexes%'"
      })
  void whatPeopleAskRunsAsItStands(String sql, Plinth plinth) {
    plinth
        .asSystem("test")
        .run(
            tx -> {
              tx.dsl().execute("SET LOCAL search_path = plinth_base");
              tx.dsl().fetch(sql);
            });
  }

  @Test
  void aTableThatIsReadFromEndToEndIsFound(Plinth plinth) {
    String where = " WHERE table_name = 'notifications'";

    assertThat(values(plinth, "SELECT recommendation FROM table_access_patterns" + where))
        .singleElement()
        .asString()
        .startsWith("Consider adding indexes: ");
    assertThat(values(plinth, "SELECT live_rows FROM table_access_patterns" + where))
        .containsExactly("60000");
    assertThat(values(plinth, recommended("indexing", "plinth_base.notifications")))
        .singleElement()
        .asString()
        .startsWith("SELECT query")
        .satisfies(statement -> values(plinth, statement));
    assertThat(
            values(
                plinth,
                "SELECT recommendation FROM table_access_patterns WHERE table_name = 'users'"))
        .containsExactly("Nothing to do");
  }

  @Test
  void whatIsRecommendedHelps(TestDatabase database, Plinth plinth) throws SQLException {
    for (String category : List.of("analyze", "vacuum")) {
      String sql = maintenance(category);
      String statement = values(plinth, sql).get(0);
      try (Connection connection = database.superuser().getConnection();
          Statement jdbc = connection.createStatement()) {
        jdbc.execute(statement);
        jdbc.execute("SELECT pg_stat_force_next_flush()");
      }

      assertThat(values(plinth, sql)).isEmpty();
    }
  }

  @Test
  void aForeignKeyBehindNoIndexIsFoundAndItsIndexHelps(TestDatabase database, Plinth plinth)
      throws SQLException {
    String sql =
        recommended("indexing", "plinth_base.invitations") + " AND reason LIKE '%invited_by_fk%'";

    String statement = values(plinth, sql).get(0);

    assertThat(statement)
        .isEqualTo(
            "CREATE INDEX CONCURRENTLY ON plinth_base.invitations (organization_id, invited_by)");
    try (Connection connection = database.superuser().getConnection();
        Statement jdbc = connection.createStatement()) {
      jdbc.execute(statement);
      jdbc.execute(
          "UPDATE pg_class SET reltuples = 20000 WHERE oid = 'plinth_base.invitations'::regclass");
    }
    assertThat(values(plinth, sql)).isEmpty();
  }

  @Test
  void indexesThatNobodyReadAreToldFromThoseThatGuard(Plinth plinth) {
    String status = "SELECT usage_status FROM index_usage_analysis WHERE index_name = ";

    assertThat(values(plinth, status + "'notifications_read_at_discovery_ix'"))
        .containsExactly("unused");
    assertThat(values(plinth, status + "'users_github_id_uq'")).containsExactly("guards");
  }

  @Test
  void sizesAreReal(Plinth plinth) {
    String used = "SELECT used::bigint FROM database_resource_utilization WHERE resource = ";

    long schema = Long.parseLong(values(plinth, used + "'disk: plinth_base'").get(0));
    long whole = Long.parseLong(values(plinth, used + "'disk: database'").get(0));

    assertThat(schema).isGreaterThan(60_000 * 100);
    assertThat(whole).isGreaterThan(schema);
  }

  @Test
  void readersSeeTheFiguresAndTheApplicationDoesNot(
      Plinth plinth, Organization acme, Member alice) {
    String sql = "SELECT * FROM plinth_base.maintenance_recommendations";

    int seen = plinth.as(alice).read(tx -> tx.dsl().fetch(sql).size());

    assertThat(seen).isPositive();
    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(() -> plinth.as(alice).run(tx -> tx.dsl().fetch(sql)));
  }

  private static String maintenance(String category) {
    return "SELECT statement FROM maintenance_recommendations WHERE category = '%s' AND object_name = 'plinth_base.notifications'"
        .formatted(category);
  }

  private static String recommended(String category, String object) {
    return "SELECT statement FROM performance_optimization_recommendations WHERE category = '%s' AND object_name = '%s'"
        .formatted(category, object);
  }

  private static List<String> values(Plinth plinth, String sql) {
    return plinth
        .asSystem("test")
        .call(
            tx -> {
              tx.dsl().execute("SET LOCAL search_path = plinth_base");
              return tx.dsl().fetch(sql).getValues(0, String.class);
            });
  }
}
