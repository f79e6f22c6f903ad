package dev.plinth.base.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.notes.Notes;
import dev.plinth.notes.NotesModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Isolation holds whatever login the host uses; the host's own tables take part as that login. */
@PlinthTest(NotesModule.class)
class LoginsTest {

  enum Login {
    HOST,
    OWNER,
    SUPERUSER;

    DataSource of(TestDatabase database) {
      return switch (this) {
        case HOST -> database.host();
        case OWNER -> database.ownerPool();
        case SUPERUSER -> database.superuserPool();
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void isolationHolds(
      Login login,
      TestDatabase database,
      Notes notes,
      Organization acme,
      Member alice,
      Organization globex,
      Member bob) {
    Plinth plinth = Plinth.builder().dataSource(login.of(database)).build();
    plinth.as(alice).run(tx -> notes.write(tx, "notes", "alice's"));
    plinth.as(bob).run(tx -> notes.write(tx, "notes", "bob's"));

    List<String> seen = plinth.as(alice).call(notes::listCarelessly);
    List<String> read = plinth.as(alice).read(notes::listCarelessly);
    int changed = plinth.as(alice).call(tx -> notes.editCarelessly(tx, "changed"));
    List<String> seenByService = plinth.asService(acme.id(), "indexer").call(notes::listCarelessly);
    List<String> bobs = plinth.as(bob).read(notes::listCarelessly);

    assertThat(seen).containsExactly("alice's");
    assertThat(read).containsExactly("alice's");
    assertThat(changed).isEqualTo(1);
    assertThat(seenByService).containsExactly("changed");
    assertThat(bobs).containsExactly("bob's");
  }

  @ParameterizedTest
  @EnumSource
  void theHostsTableAndOursAreCommittedTogetherOrNotAtAll(
      Login login, TestDatabase database, Notes notes, Organization acme, Member alice)
      throws SQLException {
    String table = "host_" + login.name().toLowerCase(Locale.ROOT);
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE public." + table + " (login text)");
      statement.execute("GRANT ALL ON public." + table + " TO plinth_test_host, plinth_test_owner");
    }
    Plinth plinth = Plinth.builder().dataSource(login.of(database)).build();
    String insert = "INSERT INTO public." + table + " VALUES (current_user)";

    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          notes.write(tx, "notes", "lost");
                          tx.asHost(host -> host.execute(insert));
                          throw new IllegalStateException("fails");
                        }))
        .hasMessage("fails");
    plinth
        .as(alice)
        .run(
            tx -> {
              notes.write(tx, "notes", "kept");
              tx.asHost(host -> host.execute(insert));
            });

    List<String> logins =
        plinth
            .as(alice)
            .call(
                tx ->
                    tx.asHost(
                        host ->
                            host.fetch("SELECT login FROM public." + table)
                                .getValues(0, String.class)));
    List<String> kept = plinth.as(alice).read(tx -> notes.list(tx, "notes"));
    assertThat(logins)
        .containsExactly(
            switch (login) {
              case HOST -> "plinth_test_host";
              case OWNER -> "plinth_test_owner";
              case SUPERUSER -> "postgres";
            });
    assertThat(kept).containsExactly("kept");
  }

  @Test
  void theHostsLoginAloneSeesNothing(
      TestDatabase database, Plinth plinth, Notes notes, Organization acme, Member alice)
      throws SQLException {
    plinth.as(alice).run(tx -> notes.write(tx, "notes", "alice's"));

    try (Connection connection = database.host().getConnection();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM plinth_notes.notes"))
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void evenTheOwnerSeesNothingOutsideATransactionOfPlinths(
      TestDatabase database, Plinth plinth, Notes notes, Organization acme, Member alice)
      throws SQLException {
    plinth.as(alice).run(tx -> notes.write(tx, "notes", "alice's"));

    try (Connection connection = database.owner().getConnection();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT * FROM plinth_notes.notes")) {
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void aLoginWithoutTheRolesIsToldWhatIsMissing(
      TestDatabase database, Organization acme, Member alice) throws SQLException {
    String url = database.superuserUrl();
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'plinth_test_nobody') THEN"
              + " CREATE ROLE plinth_test_nobody LOGIN PASSWORD 'plinth'; END IF; END $$");
    }
    PGSimpleDataSource nobody = new PGSimpleDataSource();
    nobody.setUrl(url.substring(0, url.indexOf('?')));
    nobody.setUser("plinth_test_nobody");
    nobody.setPassword("plinth");
    Plinth plinth = Plinth.builder().dataSource(nobody).build();

    assertThatThrownBy(() -> plinth.as(alice).run(tx -> {}))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("was not granted Plinth's roles");
  }
}
