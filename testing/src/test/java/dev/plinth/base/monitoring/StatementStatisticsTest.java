package dev.plinth.base.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import dev.plinth.embedded.EmbeddedServer;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jooq.Record;
import org.jooq.Result;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/** What belongs to the whole server, on servers of its own: what was loaded, and who sees it. */
class StatementStatisticsTest {

  private static final String SLOW = "SELECT pg_sleep(0.15), 'value-%s'";

  @Test
  void whatIsMissingIsSaidUntilNothingIs() throws SQLException {
    try (Running on = Running.with(Map.of("shared_preload_libraries", "pg_stat_statements"))) {
      on.assertProblem("is not installed", "CREATE EXTENSION pg_stat_statements");

      on.execute(
          "CREATE SCHEMA \"odd place\"; CREATE EXTENSION pg_stat_statements SCHEMA \"odd place\"");
      on.assertProblem("may not read", "GRANT USAGE ON SCHEMA \"odd place\" TO plinth_system;");

      on.execute((String) on.queries().get(0).get("statement"));
      // On a busy machine a statement of the migrations was slow, too.
      on.execute("SELECT \"odd place\".pg_stat_statements_reset()");
      on.execute(SLOW.formatted("secret"));
      Record hidden = on.slow().get(0);
      assertThat(hidden.get("priority")).isEqualTo("medium");
      assertThat(hidden.get("query")).isNull();
      assertThat((String) hidden.get("recommendation")).contains("not shown to plinth_system");

      on.execute((String) hidden.get("statement"));
      Record shown = on.slow().get(0);
      assertThat((String) shown.get("query")).contains("pg_sleep").doesNotContain("secret");
      on.assertExplains(shown);
      assertThat((BigDecimal) shown.get("mean_ms")).isGreaterThanOrEqualTo(new BigDecimal(150));
    }
  }

  @Test
  void insideAnOrganizationTextsAreNotShown() throws SQLException {
    try (Running on = Running.with(Map.of("shared_preload_libraries", "pg_stat_statements"))) {
      on.execute("CREATE EXTENSION pg_stat_statements");
      User alice =
          on.plinth()
              .asSystem("test")
              .call(tx -> on.plinth().users().create(tx, NewUser.named("A")));
      NewOrganization details = NewOrganization.of("acme", "Acme").ownedBy(alice.id());
      Organization acme =
          on.plinth().asSystem("test").call(tx -> on.plinth().organizations().create(tx, details));
      on.plinth().as(acme.id(), alice.id()).read(tx -> tx.dsl().fetch("SELECT 'another value'"));

      Result<Record> seen =
          on.plinth()
              .as(acme.id(), alice.id())
              .read(tx -> tx.dsl().fetch("SELECT * FROM plinth_base.slow_query_analysis"));

      assertThat(seen).isNotEmpty().allMatch(row -> row.get("query") == null);
    }
  }

  @Test
  void anExtensionThatTheServerDidNotLoadIsSaidSo() throws SQLException {
    try (Running on = Running.with(Map.of())) {
      on.execute("CREATE EXTENSION pg_stat_statements");

      on.assertProblem("did not load it", "ALTER SYSTEM SET shared_preload_libraries");
    }
  }

  @Test
  void theServersHealthIsUnknownUntilItMayBeSeen() throws SQLException {
    try (Running on = Running.with(Map.of("max_connections", "20", "autovacuum_naptime", "1h"))) {
      assertThat(on.health("oldest transaction").status()).isEqualTo(HealthStatus.UNKNOWN);
      assertThat(on.health("housekeeping switched off").status()).isEqualTo(HealthStatus.HEALTHY);
      assertThat(on.health("connections").status()).isEqualTo(HealthStatus.HEALTHY);

      on.execute(on.health("oldest transaction").statement().orElseThrow());
      assertThat(on.health("oldest transaction").status()).isEqualTo(HealthStatus.HEALTHY);

      List<Connection> open = new ArrayList<>();
      try {
        for (int i = 0; i < 13; i++) {
          open.add(on.superuser().getConnection());
        }
        assertThat(on.health("connections").status()).isEqualTo(HealthStatus.WARNING);
        open.add(on.superuser().getConnection());
        open.add(on.superuser().getConnection());
        assertThat(on.health("connections").status()).isEqualTo(HealthStatus.CRITICAL);
        assertThat(
                on.plinth()
                    .asSystem("test")
                    .<List<Alert>, RuntimeException>read(on.plinth().monitoring()::alerts))
            .extracting(Alert::alert)
            .contains("connections");
      } finally {
        for (Connection connection : open) {
          connection.close();
        }
      }
    }
  }

  @Test
  void oldTransactionIdsAndWhatIsSwitchedOffAreFound() throws SQLException {
    try (Running on = Running.with(Map.of("autovacuum", "off"))) {
      assertThat(on.health("housekeeping switched off").detail()).isEqualTo("autovacuum");
      assertThat(on.health("transaction ids").status()).isEqualTo(HealthStatus.HEALTHY);

      on.execute(
          "UPDATE pg_database SET datfrozenxid = (4294967296 - 900000000)::text::xid WHERE datname = current_database()");

      assertThat(on.health("transaction ids").status()).isEqualTo(HealthStatus.WARNING);
    }
  }

  /** A server, and Plinth on it. */
  private record Running(EmbeddedServer server, PGSimpleDataSource superuser, Plinth plinth)
      implements AutoCloseable {

    static Running with(Map<String, String> settings) {
      EmbeddedServer server = EmbeddedServer.start(settings);
      PGSimpleDataSource superuser = new PGSimpleDataSource();
      superuser.setUrl(server.url("postgres", EmbeddedServer.SUPERUSER));
      Plinth plinth = Plinth.builder().dataSource(superuser).build();
      plinth.migrate();
      return new Running(server, superuser, plinth);
    }

    void assertProblem(String problem, String statement) {
      assertThat(queries())
          .singleElement()
          .satisfies(row -> assertThat(row.get("priority")).isEqualTo("unknown"))
          .satisfies(row -> assertThat((String) row.get("recommendation")).contains(problem))
          .satisfies(row -> assertThat((String) row.get("statement")).startsWith(statement));
      assertThat(
              plinth
                  .asSystem("test")
                  .<Result<Record>, RuntimeException>read(
                      tx ->
                          tx.dsl()
                              .fetch(
                                  "SELECT * FROM plinth_base.performance_optimization_recommendations"
                                      + " WHERE category = 'monitoring'")))
          .hasSize(1);
    }

    /** A statement with $1 instead of a value is explained by PostgreSQL from 16 on. */
    void assertExplains(Record shown) throws SQLException {
      PGSimpleDataSource likePsql = new PGSimpleDataSource(); // which binds nothing to $1
      likePsql.setUrl(server.url("postgres", EmbeddedServer.SUPERUSER));
      likePsql.setPreferQueryMode(PreferQueryMode.SIMPLE);
      try (Connection connection = likePsql.getConnection();
          Statement statement = connection.createStatement()) {
        if (connection.getMetaData().getDatabaseMajorVersion() < 16) {
          assertThat(shown.get("statement")).isNull();
          assertThat((String) shown.get("recommendation")).contains("from 16 on");
        } else {
          ResultSet plan = statement.executeQuery((String) shown.get("statement"));
          assertThat(plan.next()).isTrue();
          assertThat((String) shown.get("recommendation")).endsWith("look at its plan");
        }
      }
    }

    Result<Record> queries() {
      return plinth
          .asSystem("test")
          .read(tx -> tx.dsl().fetch("SELECT * FROM plinth_base.slow_query_analysis"));
    }

    List<Record> slow() {
      return queries().stream().filter(row -> "medium".equals(row.get("priority"))).toList();
    }

    Health health(String component) {
      List<Health> all = plinth.asSystem("test").read(plinth.monitoring()::health);
      return all.stream().filter(h -> h.component().equals(component)).findFirst().orElseThrow();
    }

    void execute(String sql) throws SQLException {
      try (Connection connection = superuser.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
