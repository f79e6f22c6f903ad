package dev.plinth.base.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.ConcurrentUpdateException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import dev.plinth.labels.LabelsModule;
import dev.plinth.notes.NotesModule;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Notes of two organizations name labels that are not there, from before the link. The owner is no
 * superuser: FORCE hides the rows from it.
 */
class OrphansTest {

  private static final String VALIDATED =
      "SELECT convalidated FROM pg_constraint WHERE conname = 'notes_label_fk'";
  private static final String FORCED =
      "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE oid IN ('plinth_notes.notes'::regclass, 'plinth_labels.labels'::regclass)";

  private Hosts hosts;
  private Plinth plinth;

  @BeforeEach
  void notesFromBeforeTheLink() {
    hosts = Hosts.onADatabaseOf(new NotesModule());
    Plinth before = hosts.with(new NotesModule());
    write(before, organization(before, "acme"), UUID.randomUUID());
    Organization globex = organization(before, "globex");
    write(before, globex, UUID.randomUUID());
    write(before, globex, null);
    plinth = hosts.with(new NotesModule(), new LabelsModule());
    plinth.migrate();
  }

  @AfterEach
  void dropIt() {
    hosts.close();
  }

  @Test
  void theOwnerAloneWouldBeBlind() throws SQLException {
    Hosts.execute(
        hosts.database().owner(),
        "ALTER TABLE plinth_notes.notes VALIDATE CONSTRAINT notes_label_fk");

    assertThat(hosts.query(VALIDATED)).isEqualTo("t");
  }

  @Test
  void orphansAreFoundAndLeaveTheForeignKeyNotValid() throws SQLException {
    assertThat(plinth.validateLinks())
        .containsExactly(
            new Orphans("plinth_notes.notes", "notes_label_fk", "plinth_labels.labels", 2));

    assertThat(hosts.query(VALIDATED)).isEqualTo("f");
    assertThat(hosts.query(FORCED)).isEqualTo("t");
  }

  @Test
  void withoutOrphansTheForeignKeyIsValidated() throws SQLException {
    hosts.execute("DELETE FROM plinth_notes.notes WHERE label_id IS NOT NULL");

    assertThat(plinth.validateLinks()).isEmpty();

    assertThat(hosts.query(VALIDATED)).isEqualTo("t");
    assertThat(hosts.query(FORCED)).isEqualTo("t");
    assertThat(hosts.query("SELECT count(*) FROM plinth_base.orphans()")).isEqualTo("0");
  }

  @Test
  void validationItselfLooksAtTheRows() {
    String validation =
        "SELECT plinth_base.validate_constraint('plinth_notes.notes', 'notes_label_fk')";

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> Hosts.execute(hosts.database().owner(), validation))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("23503"));
  }

  @Test
  void aNewNoteNamesALabelThatIsThere() {
    Organization initech = organization(plinth, "initech");

    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> write(plinth, initech, UUID.randomUUID()));
  }

  @Test
  void aTableThatIsBusyIsSaidSo() throws SQLException {
    hosts.execute("DELETE FROM plinth_notes.notes WHERE label_id IS NOT NULL");
    try (Connection reader = hosts.database().superuser().getConnection();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("SELECT FROM plinth_notes.notes");

      assertThatExceptionOfType(ConcurrentUpdateException.class)
          .isThrownBy(() -> plinth.validateLinks());
    }
    assertThat(plinth.validateLinks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"app", "reader"})
  void whoSeesOneOrganizationDoesNotCountThemAll(String role) {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(
            () ->
                hosts.execute("SET ROLE plinth_" + role + "; SELECT * FROM plinth_base.orphans()"))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("42501"));
  }

  @Test
  void theSystemCountsThem() {
    Long orphans =
        plinth
            .asSystem("test")
            .read(
                tx ->
                    tx.dsl()
                        .fetchSingle("SELECT orphans FROM plinth_base.orphans()")
                        .get(0, Long.class));

    assertThat(orphans).isEqualTo(2);
  }

  @Test
  void aSchemaOfSomebodyElseIsNotLookedAt() throws SQLException {
    hosts.execute(
        "CREATE SCHEMA plinth_evil; CREATE TABLE plinth_evil.parents (id int PRIMARY KEY);"
            + " CREATE TABLE plinth_evil.children (id int); INSERT INTO plinth_evil.children VALUES (1);"
            + " ALTER TABLE plinth_evil.children ADD FOREIGN KEY (id) REFERENCES plinth_evil.parents NOT VALID");

    assertThat(plinth.validateLinks())
        .extracting(Orphans::table)
        .containsExactly("plinth_notes.notes");
  }

  private static Organization organization(Plinth plinth, String slug) {
    return plinth
        .asSystem("test")
        .call(
            tx -> {
              User owner = plinth.users().create(tx, NewUser.named(slug));
              NewOrganization organization = NewOrganization.of(slug, slug);
              return plinth.organizations().create(tx, organization.ownedBy(owner.id()));
            });
  }

  private static void write(Plinth plinth, Organization organization, @Nullable UUID label) {
    plinth
        .asService(organization.id(), "test")
        .run(
            tx ->
                tx.dsl()
                    .execute(
                        "INSERT INTO plinth_notes.notes (organization_id, author_id, text, label_id)"
                            + " SELECT organization_id, user_id, 'hello', ? FROM plinth_base.organization_members"
                            + " WHERE organization_id = ?",
                        label,
                        organization.id()));
  }
}
