package dev.plinth.base.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.SchemaMismatchException;
import dev.plinth.labels.LabelsModule;
import dev.plinth.notes.NotesModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SQL for a DBA does what migrate() does, on whatever database it was printed for. */
class PrintedMigrationsTest {

  private Hosts hosts;

  @BeforeEach
  void anEmptyDatabase() {
    hosts = Hosts.onAnEmptyDatabase();
  }

  @AfterEach
  void dropIt() {
    hosts.close();
  }

  @Test
  void onAnEmptyDatabaseItMakesWhatMigrateMakes() throws SQLException {
    run(plinth().printMigrations());

    assertSameAsMigrated();
  }

  @Test
  void onAHalfMigratedDatabaseItDoesTheRest() throws SQLException {
    plinth().migrate();
    plinth().rollback("notes+labels", 0);
    plinth().rollback("labels", 1);
    hosts.with(new NotesModule()).rollback("notes", 0);

    run(plinth().printMigrations());

    assertSameAsMigrated();
  }

  @Test
  void whereOnlyTheLinkIsMissingItMakesTheLink() throws SQLException {
    plinth().migrate();
    plinth().rollback("notes+labels", 0);

    run(plinth().printMigrations());

    assertSameAsMigrated();
  }

  @Test
  void withNothingToDoItChangesNothing() throws SQLException {
    plinth().migrate();
    String before = hosts.shape();

    run(plinth().printMigrations());

    assertThat(hosts.shape()).isEqualTo(before);
  }

  @Test
  void aSchemaThatADbaPreparedIsTaken() throws SQLException {
    hosts.execute("CREATE SCHEMA plinth_base AUTHORIZATION plinth_test_owner");

    run(plinth().printMigrations());

    assertThatCode(() -> plinth().validate()).doesNotThrowAnyException();
  }

  @Test
  void aHostThatMayNotMigrateCanPrint() throws SQLException {
    Plinth host =
        Plinth.builder()
            .dataSource(hosts.database().host())
            .modules(new LabelsModule(), new NotesModule())
            .build();

    run(host.printMigrations());

    assertSameAsMigrated();
    assertThatCode(host::validate).doesNotThrowAnyException();
    assertThatCode(() -> host.asSystem("test").run(tx -> {})).doesNotThrowAnyException();
  }

  @Test
  void printingChangesNothing() throws SQLException {
    plinth().printMigrations();

    assertThat(hosts.query("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'plinth%'"))
        .isEqualTo("0");
  }

  @Test
  void itIsPrintedForTheDatabaseAsItIs() throws SQLException {
    String printed = plinth().printMigrations();
    run(printed);
    String before = hosts.shape();

    assertThatExceptionOfType(SQLException.class).isThrownBy(() -> run(printed));

    assertThat(hosts.shape()).isEqualTo(before);
    assertThatCode(() -> plinth().validate()).doesNotThrowAnyException();
  }

  @Test
  void whatWasEditedIsNotPrintedOver() throws SQLException {
    plinth().migrate();
    hosts.execute(
        "UPDATE plinth_labels.migration_history SET checksum = checksum + 1 WHERE version = '001'");

    assertThatExceptionOfType(SchemaMismatchException.class)
        .isThrownBy(() -> plinth().printMigrations());
  }

  @Test
  void psqlRunsIt(@TempDir Path folder) throws Exception {
    assertThat(psql(folder, plinth().printMigrations())).isZero();

    assertSameAsMigrated();
  }

  /** Without ON_ERROR_STOP: psql goes on, and the transaction does not. */
  @Test
  void whatFailsInPsqlLeavesNothingBehind(@TempDir Path folder) throws Exception {
    String broken =
        plinth().printMigrations().replace("CREATE TABLE plinth_labels", "CREATE TABEL");

    psql(folder, broken);

    assertThat(hosts.query("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'plinth%'"))
        .isEqualTo("0");
  }

  private Plinth plinth() {
    return hosts.with(new LabelsModule(), new NotesModule());
  }

  private void run(String sql) throws SQLException {
    Hosts.execute(hosts.database().owner(), sql);
  }

  private int psql(Path folder, String sql) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("migrations.sql"), sql);
    String url = hosts.database().ownerUrl().replaceFirst("^jdbc:", "");
    ProcessBuilder psql =
        new ProcessBuilder("psql", "--no-psqlrc", "--file", file.toString(), url)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    Process started;
    try {
      started = psql.start();
    } catch (IOException e) {
      assumeTrue(false, "psql is not installed (Debian package postgresql-client)");
      throw e;
    }
    return started.waitFor();
  }

  /** Also to Flyway, which reads the histories with its own eyes. */
  private void assertSameAsMigrated() throws SQLException {
    assertThatCode(() -> plinth().validate()).doesNotThrowAnyException();
    try (Hosts other = Hosts.onADatabaseOf(new LabelsModule(), new NotesModule())) {
      assertThat(hosts.shape()).isEqualTo(other.shape());
      for (Track track : Track.of(plinth().modules())) {
        assertThat(hosts.history(track.table())).isEqualTo(other.history(track.table()));
        new Schemas(hosts.database().owner(), "plinth").validate(track);
      }
    }
    String before = hosts.shape();
    plinth().migrate();
    assertThat(hosts.shape()).isEqualTo(before);
  }
}
