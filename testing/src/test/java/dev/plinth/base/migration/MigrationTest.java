package dev.plinth.base.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.MissingRolesException;
import dev.plinth.base.error.SchemaMismatchException;
import dev.plinth.base.error.SchemaMismatchException.Kind;
import dev.plinth.base.error.UnsupportedDatabaseException;
import dev.plinth.notes.NotesModule;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Migrations by an owner who is no superuser, and everything that stands in their way. */
class MigrationTest {

  private TestDatabase database;

  @BeforeEach
  void anEmptyDatabase() {
    database = TestServer.shared().empty();
  }

  @AfterEach
  void dropIt() {
    database.close();
  }

  @Test
  void theOwnerMigratesAndTheHostValidates() {
    plinth().migrate();

    assertThatCode(() -> Plinth.builder().dataSource(database.host()).build().validate())
        .doesNotThrowAnyException();
  }

  @Test
  void migratingAgainChangesNothing() throws SQLException {
    plinth().migrate();
    String before =
        query("SELECT string_agg(installed_on::text, ',') FROM plinth_base.migration_history");

    plinth().migrate();

    assertThat(
            query("SELECT string_agg(installed_on::text, ',') FROM plinth_base.migration_history"))
        .isEqualTo(before);
  }

  @Test
  void anEmptyDatabaseIsBehind() {
    assertMismatch(Kind.BEHIND, () -> plinth().validate());
    assertMismatch(Kind.BEHIND, () -> plinth().asSystem("test").run(tx -> {}));
  }

  @Test
  void aDatabaseThatLacksAMigrationIsBehind() throws SQLException {
    plinth().migrate();
    execute(
        "DELETE FROM plinth_base.migration_history WHERE version = (SELECT max(version) FROM plinth_base.migration_history)");

    assertMismatch(Kind.BEHIND, () -> plinth().validate());
  }

  @Test
  void aDatabaseWithoutAModuleIsBehind() {
    plinth().migrate();

    assertThatExceptionOfType(SchemaMismatchException.class)
        .isThrownBy(() -> plinthWithNotes().validate())
        .satisfies(e -> assertThat(e.module()).isEqualTo("notes"))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.BEHIND));
  }

  @Test
  void aDatabaseThatANewerHostMigratedIsAhead() throws SQLException {
    plinth().migrate();
    execute(
        "INSERT INTO plinth_base.migration_history SELECT installed_rank + 1000, '999', 'future', type,"
            + " 'V999__future.sql', checksum, installed_by, installed_on, execution_time, success"
            + " FROM plinth_base.migration_history WHERE version = '001'");

    assertMismatch(Kind.AHEAD, () -> plinth().validate());
    assertMismatch(Kind.AHEAD, () -> plinth().migrate());
    assertMismatch(Kind.AHEAD, () -> plinth().rollback("base", 4));
    assertThat(query("SELECT max(version) FROM plinth_base.migration_history")).isEqualTo("999");
  }

  @Test
  void aMigrationThatWasEditedIsNoticed() throws SQLException {
    plinth().migrate();
    execute(
        "UPDATE plinth_base.migration_history SET checksum = checksum + 1 WHERE version = '002'");

    assertMismatch(Kind.CHANGED, () -> plinth().validate());
    assertMismatch(Kind.CHANGED, () -> plinth().migrate());
  }

  @Test
  void aSchemaOfSomebodyElseIsNotTouched() throws SQLException {
    execute("CREATE SCHEMA plinth_base; CREATE TABLE plinth_base.theirs (x int)");

    assertMismatch(Kind.FOREIGN, () -> plinth().migrate());
    assertMismatch(Kind.FOREIGN, () -> plinth().validate());
    assertThat(
            query(
                "SELECT string_agg(relname, ',') FROM pg_class WHERE relnamespace = 'plinth_base'::regnamespace"))
        .isEqualTo("theirs");
  }

  @Test
  void anEmptySchemaThatADbaPreparedIsTaken() throws SQLException {
    execute("CREATE SCHEMA plinth_base AUTHORIZATION plinth_test_owner");

    plinth().migrate();

    assertThatCode(() -> plinth().validate()).doesNotThrowAnyException();
  }

  @Test
  void aServerThatIsTooOldIsRefused() throws SQLException {
    // Says of a real server what an old one would say of itself.
    execute(
        "CREATE SCHEMA old; CREATE FUNCTION old.current_setting(text) RETURNS text LANGUAGE sql AS"
            + " $$ SELECT CASE $1 WHEN 'server_version_num' THEN '140012' ELSE pg_catalog.current_setting($1) END $$;"
            + " GRANT USAGE ON SCHEMA old TO PUBLIC;"
            + " ALTER DATABASE "
            + database.name()
            + " SET search_path = old, pg_catalog, public");

    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> plinth().migrate())
        .satisfies(e -> assertThat(e.serverVersion()).isEqualTo(14));
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> plinth().validate());
  }

  @Test
  void aDatabaseThatIsNotThereIsSaidSo() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");
    Plinth plinth = Plinth.builder().dataSource(nowhere).build();

    assertThatExceptionOfType(DatabaseUnavailableException.class).isThrownBy(plinth::migrate);
    assertThatExceptionOfType(DatabaseUnavailableException.class).isThrownBy(plinth::validate);
  }

  @Test
  void anOwnerWhoMayNotMakeRolesIsToldWhatADbaRuns() throws SQLException {
    String prefix = freshPrefix();
    execute("ALTER ROLE plinth_test_owner NOCREATEROLE");
    try {
      Plinth plinth = plinth(prefix);
      List<String> remedy = new ArrayList<>();
      assertThatExceptionOfType(MissingRolesException.class)
          .isThrownBy(plinth::migrate)
          .satisfies(e -> remedy.add(e.remedy()));

      execute(remedy.get(0));

      plinth.migrate();
      assertThatCode(plinth::validate).doesNotThrowAnyException();
      assertThatCode(() -> plinth.asSystem("test").run(tx -> {})).doesNotThrowAnyException();
    } finally {
      execute("ALTER ROLE plinth_test_owner CREATEROLE");
    }
  }

  @Test
  void databasesOfOneServerMakeTheSameRolesAtOnce() throws Exception {
    String prefix = freshPrefix();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<TestDatabase> databases = new ArrayList<>();
    try {
      List<Future<?>> migrations = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        TestDatabase other = TestServer.shared().empty();
        databases.add(other);
        migrations.add(threads.submit(() -> on(other.owner(), other.host(), prefix).migrate()));
      }
      for (Future<?> migration : migrations) {
        migration.get();
      }
    } finally {
      threads.shutdownNow();
      databases.forEach(TestDatabase::close);
    }
  }

  @Test
  void anotherPrefixThanTheDatabasesIsRefusedBeforeRolesAreMade() throws SQLException {
    plinth().migrate();
    String prefix = freshPrefix();

    assertMismatch(Kind.CHANGED, () -> plinth(prefix).migrate());
    assertMismatch(Kind.CHANGED, () -> plinth(prefix).validate());
    assertMismatch(Kind.CHANGED, () -> plinth(prefix).rollback("base", 0));

    assertThat(query("SELECT count(*) FROM pg_roles WHERE rolname LIKE '" + prefix + "%'"))
        .isEqualTo("0");
  }

  @Test
  void aLoginWithoutTheRolesIsFoundAtStart() throws SQLException {
    plinth().migrate();
    execute(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'plinth_test_nobody') THEN"
            + " CREATE ROLE plinth_test_nobody LOGIN PASSWORD 'plinth'; END IF; END $$");

    assertThatExceptionOfType(MissingRolesException.class)
        .isThrownBy(
            () ->
                Plinth.builder()
                    .dataSource(database.host())
                    .hostLogin("plinth_test_nobody")
                    .build()
                    .validate());
  }

  @Test
  void aSchemaWithSomebodyElsesFunctionsIsNotTouched() throws SQLException {
    execute(
        "CREATE SCHEMA plinth_base AUTHORIZATION plinth_test_owner;"
            + " CREATE FUNCTION plinth_base.theirs() RETURNS int LANGUAGE sql AS 'SELECT 1'");

    assertMismatch(Kind.FOREIGN, () -> plinth().migrate());
  }

  @Test
  void aMigrationThatCannotBeAppliedNamesItsModule() throws SQLException {
    plinth().migrate();
    execute("DELETE FROM plinth_base.migration_history WHERE version = '008'");

    assertThatExceptionOfType(SchemaMismatchException.class)
        .isThrownBy(() -> plinth().migrate())
        .satisfies(e -> assertThat(e.module()).isEqualTo("base"));
  }

  @Test
  void aVersionBelowZeroAndAModuleThatIsNotThereCannotBeRolledBackTo() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> plinth().rollback("base", -1));
    assertMismatch(Kind.BEHIND, () -> plinth().rollback("base", 0));
    plinth().migrate();
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> plinth().rollback("base", 999))
        .withMessageContaining("the last applied");
  }

  @Test
  void anInterruptedHostDoesNotWaitForAnother() throws Exception {
    try (Connection other = database.owner().getConnection();
        Statement lock = other.createStatement()) {
      lock.execute("SELECT pg_advisory_lock(" + 0x706c696e7468L + ")");
      List<Throwable> failures = new ArrayList<>();
      Thread waiting = new Thread(() -> plinth().migrate());
      waiting.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
      waiting.start();
      waiting.interrupt();
      waiting.join();

      assertThat(failures).singleElement().isInstanceOf(DatabaseUnavailableException.class);
    }
  }

  @Test
  void twoPrefixesKeepTheirRolesApart() throws SQLException {
    String prefix = freshPrefix();
    Plinth plinth = plinth(prefix);
    plinth.migrate();

    String role =
        plinth
            .asSystem("test")
            .call(tx -> tx.dsl().fetchSingle("SELECT current_user::text").get(0, String.class));

    assertThat(role).isEqualTo(prefix + "_system");
  }

  @Test
  void aMigrationIsTakenBackAndAppliedAgain() throws SQLException {
    plinth().migrate();

    plinth().rollback("base", 4);

    assertThat(query("SELECT max(version) FROM plinth_base.migration_history")).isEqualTo("004");
    assertMismatch(Kind.BEHIND, () -> plinth().validate());
    plinth().migrate();
    assertThatCode(() -> plinth().validate()).doesNotThrowAnyException();
  }

  @Test
  void whatAnotherModuleNeedsIsNotTakenBack() throws SQLException {
    plinthWithNotes().migrate();

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> plinthWithNotes().rollback("base", 3));

    assertThatCode(() -> plinthWithNotes().validate()).doesNotThrowAnyException();
    assertThat(query("SELECT to_regclass('plinth_base.organization_members') IS NOT NULL"))
        .isEqualTo("t");
  }

  @Test
  void aModuleThatWasNotAddedCannotBeTakenBack() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> plinth().rollback("notes", 0));
  }

  @Test
  void buildingTouchesNoDatabase() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");

    assertThatCode(() -> Plinth.builder().dataSource(nowhere).modules(new NotesModule()).build())
        .doesNotThrowAnyException();
  }

  private Plinth plinth() {
    return Plinth.builder()
        .dataSource(database.host())
        .migrationDataSource(database.owner())
        .build();
  }

  private Plinth plinthWithNotes() {
    return Plinth.builder()
        .dataSource(database.host())
        .migrationDataSource(database.owner())
        .modules(new NotesModule())
        .build();
  }

  private Plinth plinth(String prefix) {
    return on(database.owner(), database.host(), prefix);
  }

  private static Plinth on(DataSource owner, DataSource host, String prefix) {
    return Plinth.builder().dataSource(host).migrationDataSource(owner).rolePrefix(prefix).build();
  }

  private static String freshPrefix() {
    return "plinth_x" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
  }

  private static void assertMismatch(Kind kind, ThrowingCallable call) {
    assertThatExceptionOfType(SchemaMismatchException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
