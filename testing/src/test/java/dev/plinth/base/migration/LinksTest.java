package dev.plinth.base.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.SchemaMismatchException;
import dev.plinth.base.error.SchemaMismatchException.Kind;
import dev.plinth.base.module.ModuleDescriptor;
import dev.plinth.labels.LabelsModule;
import dev.plinth.notes.NotesModule;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The link of notes to labels, on databases that hosts with one of them, or both, work on. */
class LinksTest {

  private static final String LINK =
      "SELECT convalidated FROM pg_constraint WHERE conname = 'notes_label_fk'";
  private static final String NEWER =
      "INSERT INTO plinth_notes.migration_history_labels SELECT 1000, '999', 'future', type, 'V999__future.sql', checksum,"
          + " installed_by, installed_on, execution_time, success FROM plinth_notes.migration_history_labels WHERE version = '001'";

  private Hosts hosts;

  @BeforeEach
  void aDatabaseWithBoth() {
    hosts = Hosts.onADatabaseOf(new LabelsModule(), new NotesModule());
  }

  @AfterEach
  void dropIt() {
    hosts.close();
  }

  @Test
  void aLinkIsAppliedWhereAHostHasBothModules() throws SQLException {
    startEmpty();
    both().migrate();

    assertThat(hosts.query(LINK)).isEqualTo("f");
    assertThat(hosts.history("plinth_notes.migration_history_labels"))
        .contains("0 << Flyway Baseline >>")
        .contains("001 label of note SQL V001__label_of_note.sql");
    assertThatCode(() -> both().validate()).doesNotThrowAnyException();
  }

  private void startEmpty() {
    hosts.close();
    hosts = Hosts.onAnEmptyDatabase();
  }

  @Test
  void theOrderOfTheModulesDoesNotMatter() throws SQLException {
    startEmpty();
    hosts.with(new NotesModule(), new LabelsModule()).migrate();

    assertThat(hosts.query(LINK)).isEqualTo("f");
  }

  @Test
  void aHostWithBothMakesTheLinkOfModulesThatWereThere() throws SQLException {
    startEmpty();
    notes().migrate();
    labels().migrate();
    assertThat(count()).isEqualTo("0");
    assertMismatch(Kind.BEHIND, () -> both().validate());

    both().migrate();

    assertThat(hosts.query(LINK)).isEqualTo("f");
  }

  @Test
  void hostsThatLackAModuleWorkOnADatabaseThatHasIt() {
    for (Plinth host : List.of(notes(), labels(), hosts.with())) {
      assertThatCode(host::migrate).doesNotThrowAnyException();
      assertThatCode(host::validate).doesNotThrowAnyException();
    }
  }

  @Test
  void aNewerLinkIsAheadForEveryHostThatHasItsModule() throws SQLException {
    hosts.execute(NEWER);
    String before = hosts.shape();

    for (Plinth host : List.of(both(), notes())) {
      assertMismatch(Kind.AHEAD, host::validate);
      assertMismatch(Kind.AHEAD, host::migrate);
      assertMismatch(Kind.AHEAD, host::printMigrations);
    }
    assertThat(hosts.shape()).isEqualTo(before);
    assertThatCode(() -> labels().validate()).doesNotThrowAnyException();
  }

  @Test
  void aLinkThatThisVersionDoesNotKnowIsAhead() throws SQLException {
    hosts.execute(
        "CREATE TABLE plinth_notes.migration_history_folders (LIKE plinth_notes.migration_history_labels INCLUDING ALL);"
            + " GRANT SELECT ON plinth_notes.migration_history_folders TO PUBLIC;"
            + " ALTER TABLE plinth_notes.migration_history_folders OWNER TO plinth_test_owner");

    assertMismatch(Kind.AHEAD, () -> notes().validate());
    assertMismatch(Kind.AHEAD, () -> both().migrate());
  }

  @Test
  void whatIsAheadIsFoundBeforeAnythingIsApplied() throws SQLException {
    hosts.execute(NEWER);
    hosts.execute(
        "DROP FUNCTION plinth_base.make_text_search;"
            + " DELETE FROM plinth_base.migration_history WHERE version = '014'");

    assertMismatch(Kind.AHEAD, () -> both().migrate());

    assertThat(hosts.query("SELECT to_regproc('plinth_base.make_text_search') IS NULL"))
        .isEqualTo("t");
  }

  @Test
  void aLinkThatWasEditedIsNoticed() throws SQLException {
    hosts.execute(
        "UPDATE plinth_notes.migration_history_labels SET checksum = checksum + 1 WHERE version = '001'");

    assertMismatch(Kind.CHANGED, () -> both().validate());
    assertMismatch(Kind.CHANGED, () -> both().migrate());
    assertMismatch(Kind.CHANGED, () -> notes().validate());
  }

  @Test
  void aLinkThatLacksAMigrationIsBehindOnlyWhereItCanBeApplied() throws SQLException {
    hosts.execute("DELETE FROM plinth_notes.migration_history_labels WHERE version = '001'");

    assertMismatch(Kind.BEHIND, () -> both().validate());
    assertThatCode(() -> notes().validate()).doesNotThrowAnyException();
  }

  @Test
  void whatALinkNeedsIsNotTakenBackByAnyHost() throws SQLException {
    String before = hosts.shape();

    for (Plinth host : List.of(both(), labels())) {
      assertThatExceptionOfType(ConflictException.class)
          .isThrownBy(() -> host.rollback("labels", 0))
          .satisfies(e -> assertThat(e.constraint()).isEqualTo("link notes+labels"))
          .satisfies(e -> assertThat(e.what()).contains("labels", "0"));
    }
    assertThat(hosts.shape()).isEqualTo(before);
    assertThatCode(() -> both().validate()).doesNotThrowAnyException();
  }

  @Test
  void whatNoLinkNeedsIsTakenBack() throws SQLException {
    both().rollback("labels", 1);

    assertThat(hosts.query(LINK)).isEqualTo("f");
    assertMismatch(Kind.BEHIND, () -> both().validate());
    both().migrate();
    assertThatCode(() -> both().validate()).doesNotThrowAnyException();
  }

  @Test
  void aModuleTakesItsOwnLinksBackFirst() throws SQLException {
    notes().rollback("notes", 0);

    assertThat(hosts.query("SELECT to_regnamespace('plinth_notes') IS NULL")).isEqualTo("t");
    assertThatCode(() -> labels().rollback("labels", 0)).doesNotThrowAnyException();
  }

  @Test
  void aModuleThatStaysAsItIsKeepsItsLinks() throws SQLException {
    both().rollback("notes", 3);

    assertThat(hosts.query(LINK)).isEqualTo("f");
  }

  @Test
  void aLinkIsTakenBackAlone() throws SQLException {
    String before = hosts.shape();

    both().rollback("notes+labels", 0);

    assertThat(count()).isEqualTo("0");
    assertMismatch(Kind.BEHIND, () -> both().validate());
    assertMismatch(Kind.BEHIND, () -> both().rollback("notes+labels", 0));
    both().migrate();
    assertThat(hosts.shape()).isEqualTo(before);
  }

  @Test
  void aLinkThatNoModuleHasCannotBeTakenBack() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> both().rollback("labels+notes", 0));
  }

  /** As in production, where the plus sign of the folder is in an address. */
  @Test
  void aLinkInAJarIsFound(@TempDir Path folder) throws Exception {
    startEmpty();
    try (URLClassLoader jar = new URLClassLoader(new URL[] {jar(folder)}, null)) {
      List<ModuleDescriptor> modules =
          both().modules().stream().map(module -> in(jar, module)).toList();
      Migrator migrator = new Migrator(modules, hosts.database().owner(), "plinth");

      migrator.migrate("plinth_test_host");

      assertThat(hosts.query(LINK)).isEqualTo("f");
      assertThatCode(() -> both().validate()).doesNotThrowAnyException();
      Scripts scripts = new Scripts();
      for (Track track : Track.of(modules)) {
        assertThat(scripts.of(track)).as(track.name()).isNotEmpty();
      }
    }
  }

  private static ModuleDescriptor in(ClassLoader jar, ModuleDescriptor module) {
    return module.name().equals("base")
        ? module
        : new ModuleDescriptor(
            module.name(), module.dependsOn(), module.links(), List.of(), List.of(), jar);
  }

  private static URL jar(Path folder) throws Exception {
    Path resources = Path.of(LinksTest.class.getResource("/db/migration").toURI()).resolve("../..");
    Path file = folder.resolve("host + modules.jar");
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out);
        Stream<Path> paths = Files.walk(resources.resolve("db").normalize())) {
      for (Path path : paths.toList()) {
        add(jar, resources.normalize().relativize(path).toString().replace('\\', '/'), path);
      }
    }
    return file.toUri().toURL();
  }

  private static void add(JarOutputStream jar, String name, Path path) throws IOException {
    jar.putNextEntry(new JarEntry(Files.isDirectory(path) ? name + "/" : name));
    if (Files.isRegularFile(path)) {
      Files.copy(path, jar);
    }
    jar.closeEntry();
  }

  private Plinth both() {
    return hosts.with(new LabelsModule(), new NotesModule());
  }

  private Plinth notes() {
    return hosts.with(new NotesModule());
  }

  private Plinth labels() {
    return hosts.with(new LabelsModule());
  }

  private String count() throws SQLException {
    return hosts.query("SELECT count(*) FROM pg_constraint WHERE conname = 'notes_label_fk'");
  }

  private static void assertMismatch(Kind kind, ThrowingCallable call) {
    assertThatExceptionOfType(SchemaMismatchException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
