package dev.plinth.base.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.SchemaMismatchException;
import dev.plinth.base.module.PlinthModule;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TxWork;
import dev.plinth.notes.NotesModule;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the composed views are composed of, and who may read them. */
class ComposedViewsTest {

  private static final String COLUMNS =
      "'memory'::text AS component, 'critical'::text AS status, 1::numeric AS value,"
          + " 'bytes'::text AS unit, 'all gone'::text AS detail, NULL::text AS statement";

  private TestDatabase database;

  @BeforeEach
  void aMigratedDatabase() {
    database = TestServer.shared().migrated(List.of(new NotesModule()));
  }

  @AfterEach
  void dropIt() {
    database.close();
  }

  @Test
  void whatAModuleSaysIsToldByHostsThatDoNotHaveIt() {
    plinth().migrate();

    assertThat(asSystem(plinth().monitoring()::quality))
        .extracting(QualityMetric::module)
        .contains("base", "notes");
  }

  @Test
  void whatAModuleSaysSinceTheLastMigrationIsComposed() throws SQLException {
    execute(database.owner(), part("plinth_notes", COLUMNS));

    plinth().migrate();

    assertThat(asSystem(plinth().monitoring()::alerts))
        .extracting(Alert::module, Alert::alert, Alert::detail)
        .contains(tuple("notes", "memory", "all gone"));
  }

  @Test
  void severalPartsOfAModuleAreOne() throws SQLException {
    execute(database.owner(), part("plinth_notes", COLUMNS));
    execute(
        database.owner(),
        part("plinth_notes", COLUMNS.replace("memory", "disk"))
            .replace("system_health_part", "system_health_part_disk"));

    plinth().migrate();

    assertThat(asSystem(plinth().monitoring()::health))
        .filteredOn(health -> health.module().equals("notes"))
        .extracting(Health::component)
        .containsExactlyInAnyOrder("memory", "disk");
  }

  @Test
  void aHostsOwnViewOnThemDoesNotStandInTheWay() throws SQLException {
    execute(
        database.owner(),
        "CREATE SCHEMA host;"
            + " CREATE VIEW host.health AS SELECT * FROM plinth_base.system_health;"
            + " CREATE VIEW host.migrations AS SELECT * FROM plinth_base.schema_migrations;"
            + part("plinth_notes", COLUMNS));

    plinth().migrate();

    assertThat(query("SELECT count(*) FROM host.health WHERE module = 'notes'")).isEqualTo("1");
  }

  @Test
  void aPartWithOtherColumnsIsRefused() throws SQLException {
    execute(database.owner(), part("plinth_notes", "'memory'::text AS component, 1 AS value"));

    assertThatExceptionOfType(SchemaMismatchException.class)
        .isThrownBy(plinth()::migrate)
        .withMessageContaining("component text, status text, value numeric")
        .withMessageContaining("has (component text, value integer)")
        .satisfies(e -> assertThat(e.module()).isEqualTo("notes"));
  }

  @Test
  void aPartThatAsksAsItsOwnerIsRefused() throws SQLException {
    execute(
        database.owner(),
        part("plinth_notes", COLUMNS).replace("WITH (security_invoker = true)", ""));

    assertThatExceptionOfType(SchemaMismatchException.class)
        .isThrownBy(plinth()::migrate)
        .withMessageContaining("security_invoker")
        .satisfies(e -> assertThat(e.module()).isEqualTo("notes"));
  }

  @Test
  void whatSomebodyElsePlantsIsLeftOut() throws SQLException {
    execute(
        database.superuser(),
        "CREATE SCHEMA plinth_evil AUTHORIZATION plinth_test_host; SET ROLE plinth_test_host; "
            + part("plinth_evil", COLUMNS));

    plinth().migrate();

    assertThat(asSystem(plinth().monitoring()::health))
        .extracting(Health::module)
        .contains("base")
        .doesNotContain("evil");
  }

  @Test
  void whatAMemberOfTheOwnerMadeIsLeftOutAndDoesNotStandInTheWay() throws SQLException {
    execute(
        database.superuser(),
        "CREATE ROLE plinth_test_colleague; GRANT plinth_test_owner TO plinth_test_colleague;"
            + " CREATE SCHEMA plinth_colleague AUTHORIZATION plinth_test_colleague;"
            + " GRANT CREATE, USAGE ON SCHEMA plinth_notes TO plinth_test_colleague;"
            + " SET ROLE plinth_test_colleague;"
            + " CREATE TABLE plinth_colleague.migration_history (LIKE plinth_notes.migration_history);"
            + part("plinth_colleague", COLUMNS)
            + ";"
            + part("plinth_notes", COLUMNS));
    try {
      plinth().migrate();

      assertThat(asSystem(plinth().monitoring()::health))
          .extracting(Health::module)
          .contains("base")
          .doesNotContain("colleague", "notes");
      assertThat(asSystem(plinth().monitoring()::migrations))
          .extracting(AppliedMigration::module)
          .contains("notes")
          .doesNotContain("colleague");
    } finally {
      execute(
          database.superuser(),
          "DROP OWNED BY plinth_test_colleague CASCADE; DROP ROLE plinth_test_colleague");
    }
  }

  @Test
  void aSchemaWithoutMigrationsIsNoModules() throws SQLException {
    assertThat(query("SELECT to_regnamespace('plinth_extensions') IS NOT NULL")).isEqualTo("t");

    assertThat(
            query(
                "SELECT string_agg(module, ',' ORDER BY module) FROM plinth_base.module_schemas()"))
        .isEqualTo("base,notes");
  }

  @Test
  void whatIsToldIsInOrder() {
    List<Health> health = asSystem(plinth().monitoring()::health);
    List<QualityMetric> quality = asSystem(plinth().monitoring()::quality);
    List<IntegrityCheck> integrity = asSystem(plinth().monitoring()::integrity);

    assertThat(health).extracting(Health::component).hasSizeGreaterThan(5).isSorted();
    assertThat(quality).extracting(QualityMetric::module).contains("notes").isSorted();
    assertThat(quality)
        .filteredOn(metric -> metric.module().equals("base"))
        .extracting(QualityMetric::table)
        .hasSizeGreaterThan(3)
        .isSorted();
    assertThat(integrity).extracting(IntegrityCheck::check).hasSizeGreaterThan(3).isSorted();
  }

  @Test
  void aPartGoesWithItsMigrationAndTheOthersStay() {
    plinth(new NotesModule()).rollback("notes", 1);

    assertThat(asSystem(plinth().monitoring()::quality))
        .extracting(QualityMetric::module)
        .contains("base")
        .doesNotContain("notes");

    plinth(new NotesModule()).rollback("notes", 0);

    assertThat(asSystem(plinth().monitoring()::migrations))
        .extracting(AppliedMigration::module)
        .contains("base")
        .doesNotContain("notes");
  }

  @Test
  void nothingIsMadeAnewWhereNothingChanged() throws SQLException {
    String made = query("SELECT 'plinth_base.system_health'::regclass::oid");

    plinth(new NotesModule()).migrate();

    assertThat(query("SELECT 'plinth_base.system_health'::regclass::oid")).isEqualTo(made);
  }

  @Test
  void theMigrationsOfAllModulesAndTheirLinksAreOneView() throws SQLException {
    execute(
        database.owner(),
        "CREATE TABLE plinth_notes.migration_history_labels (LIKE plinth_notes.migration_history);"
            + "INSERT INTO plinth_notes.migration_history_labels"
            + " SELECT * FROM plinth_notes.migration_history WHERE version = '001'");

    plinth().migrate();

    List<AppliedMigration> applied = asSystem(plinth().monitoring()::migrations);
    assertThat(applied)
        .filteredOn(migration -> migration.module().equals("notes"))
        .extracting(migration -> migration.version() + migration.linkedTo().orElse(""))
        .containsExactlyInAnyOrder("001", "001labels", "002", "003");
    assertThat(applied).extracting(AppliedMigration::module).contains("base");
    assertThat(applied).allMatch(AppliedMigration::success);
  }

  @Test
  void aMigrationWasAppliedWhenItWasWhateverTheZoneOfTheSession() {
    try (TestDatabase empty = TestServer.shared().empty()) {
      Plinth plinth =
          Plinth.builder()
              .dataSource(empty.host())
              .migrationDataSource(empty.ownerPool()) // in a zone that is neither UTC nor the JVM's
              .build();
      plinth.migrate();

      Instant now = plinth.asSystem("test").read(SystemTx::now);
      List<AppliedMigration> applied =
          plinth.asSystem("test").read(plinth.monitoring()::migrations);

      assertThat(applied)
          .extracting(AppliedMigration::appliedAt)
          .allSatisfy(at -> assertThat(at).isBetween(now.minus(Duration.ofMinutes(15)), now));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "system_health",
        "data_quality_metrics",
        "data_integrity_checks",
        "critical_alerts"
      })
  void whoIsNotShownEveryRowIsRefusedAndNotToldThatAllIsWell(String view) throws SQLException {
    String sql = "SELECT * FROM plinth_base." + view;

    assertThatThrownBy(() -> query(database.owner(), sql))
        .hasMessageContaining("plinth_test_owner is shown a part of the rows only");
    assertThatThrownBy(() -> query(database.host(), sql)).hasMessageContaining("permission denied");
    for (String role : List.of("plinth_app", "plinth_reader")) {
      assertThatThrownBy(() -> query(database.superuser(), "SET ROLE " + role + "; " + sql))
          .hasMessageContaining("permission denied");
    }
    query(database.superuser(), "SELECT count(*) FROM plinth_base." + view);
    query(database.superuser(), "SET ROLE plinth_system; SELECT count(*) FROM plinth_base." + view);
  }

  @Test
  void everybodyMayReadWhichMigrationsWereApplied() throws SQLException {
    String sql = "SELECT count(*) > 10 FROM plinth_base.schema_migrations";

    for (String role : List.of("plinth_app", "plinth_reader", "plinth_system")) {
      assertThat(query(database.superuser(), "SET ROLE " + role + "; " + sql)).isEqualTo("t");
    }
  }

  @Test
  void nobodyButTheOwnerComposes() {
    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(
            () ->
                plinth()
                    .asSystem("test")
                    .run(tx -> tx.dsl().fetch("SELECT plinth_base.compose_views()")));
  }

  private static String part(String schema, String columns) {
    return "CREATE VIEW %s.system_health_part WITH (security_invoker = true) AS SELECT %s"
        .formatted(schema, columns);
  }

  private Plinth plinth(PlinthModule... modules) {
    return Plinth.builder()
        .dataSource(database.host())
        .migrationDataSource(database.owner())
        .modules(modules)
        .build();
  }

  private <T> List<T> asSystem(TxWork<SystemTx, List<T>, RuntimeException> work) {
    return plinth().asSystem("test").read(work);
  }

  private static void execute(DataSource login, String sql) throws SQLException {
    try (Connection connection = login.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String query(String sql) throws SQLException {
    return query(database.superuser(), sql);
  }

  /** The first value of the last statement; "" if there is no row. */
  private static String query(DataSource login, String sql) throws SQLException {
    try (Connection connection = login.getConnection();
        Statement statement = connection.createStatement()) {
      boolean rows = statement.execute(sql);
      while (!rows) {
        rows = statement.getMoreResults();
      }
      try (ResultSet row = statement.getResultSet()) {
        return row.next() ? row.getString(1) : "";
      }
    }
  }
}
