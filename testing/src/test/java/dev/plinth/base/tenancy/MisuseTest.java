package dev.plinth.base.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.PlinthException;
import dev.plinth.base.error.TransactionMisuseException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.notes.Notes;
import dev.plinth.notes.NotesModule;
import dev.plinth.testing.PlinthTest;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** What a host does wrong becomes neither a leak nor a half commit. */
@PlinthTest(NotesModule.class)
class MisuseTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COMMIT",
        "commit work",
        "  /* now */ -- and here\n Commit;",
        "END",
        "ABORT",
        "ROLLBACK",
        "rollback work",
        "BEGIN",
        "START TRANSACTION",
        "PREPARE TRANSACTION 'x'",
        "DISCARD ALL",
        "RESET ROLE",
        "SET ROLE plinth_system",
        "SET LOCAL ROLE plinth_system",
        "SET SESSION AUTHORIZATION DEFAULT",
        "RESET ALL"
      })
  void aStatementThatWouldEndOrChangeTheTransactionIsRefused(
      String sql, Plinth plinth, Notes notes, Organization acme, Member alice) {
    assertMisuse(
        () ->
            plinth
                .as(alice)
                .run(
                    tx -> {
                      notes.write(tx, "notes", "lost");
                      tx.dsl().execute(sql);
                    }));
    assertMisuse(
        () ->
            plinth.as(alice).run(tx -> tx.dsl().connection(c -> c.createStatement().execute(sql))));

    assertThat(notesOf(plinth, notes, alice)).isEmpty();
  }

  @Test
  void aStatementThatOnlyLooksSimilarPasses(Plinth plinth, Organization acme, Member alice) {
    plinth
        .as(alice)
        .run(
            tx -> {
              tx.dsl().execute("SAVEPOINT here");
              tx.dsl().execute("ROLLBACK TO SAVEPOINT here");
              tx.dsl().execute("rollback work to here");
              tx.dsl().execute("SET LOCAL statement_timeout = '1min'");
              tx.dsl().execute("SELECT 'COMMIT' AS commit");
            });
  }

  @Test
  void theConnectionRefusesToEndTheTransaction(
      Plinth plinth, Notes notes, Organization acme, Member alice) {
    plinth
        .as(alice)
        .run(
            tx ->
                tx.dsl()
                    .connection(
                        c -> {
                          assertMisuse(c::commit);
                          assertMisuse(c::rollback);
                          assertMisuse(c::close);
                          assertMisuse(() -> c.setAutoCommit(true));
                          assertMisuse(() -> c.abort(Runnable::run));
                          assertMisuse(() -> c.prepareStatement("COMMIT").execute());
                          assertMisuse(() -> c.createStatement().getConnection().commit());
                          assertMisuse(
                              () -> c.prepareStatement("SELECT 1").getConnection().commit());
                          assertThatThrownBy(() -> c.unwrap(PGConnection.class))
                              .isInstanceOf(SQLException.class);
                          assertThat(c.getAutoCommit()).isFalse();
                        }));
  }

  @Test
  void aCommitHiddenBehindAnotherStatementIsNoticedAtOnce(
      Plinth plinth,
      Notes notes,
      Organization acme,
      Member alice,
      Organization globex,
      Member bob) {
    plinth.as(bob).run(tx -> notes.write(tx, "notes", "bob's"));
    AtomicReference<String> seen = new AtomicReference<>("nothing");

    assertMisuse(
        () ->
            plinth
                .as(alice)
                .run(
                    tx -> {
                      tx.dsl().execute("SELECT 1; COMMIT");
                      seen.set(notes.listCarelessly(tx).toString());
                    }));
    assertMisuse(() -> plinth.as(alice).run(tx -> tx.dsl().execute("SELECT 1; COMMIT")));

    assertThat(seen.get()).isEqualTo("nothing");
  }

  @Test
  void aFailureThatIsSwallowedCommitsNothing(
      Plinth plinth, Notes notes, Organization acme, Member alice) {
    assertMisuse(
        () ->
            plinth
                .as(alice)
                .run(
                    tx -> {
                      notes.write(tx, "notes", "lost");
                      assertThatThrownBy(() -> tx.dsl().execute("SELECT 1/0"))
                          .isInstanceOf(PlinthException.class);
                    }));

    assertThat(notesOf(plinth, notes, alice)).isEmpty();
  }

  @Test
  void aNestedTransactionIsASavepoint(Plinth plinth, Notes notes, Organization acme, Member alice) {
    plinth
        .as(alice)
        .run(
            tx -> {
              notes.write(tx, "notes", "kept");
              assertThatThrownBy(
                      () ->
                          tx.dsl()
                              .transaction(
                                  nested -> {
                                    notes.write(tx, "notes", "undone");
                                    throw new IllegalStateException("inner");
                                  }))
                  .hasMessage("inner");
              tx.dsl().transaction(nested -> notes.write(tx, "notes", "nested"));
            });

    assertThat(notesOf(plinth, notes, alice)).containsExactlyInAnyOrder("kept", "nested");
  }

  @Test
  void aNestedTransactionDoesNotCommitTheOuterOne(
      Plinth plinth, Notes notes, Organization acme, Member alice) {
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          tx.dsl().transaction(nested -> notes.write(tx, "notes", "nested"));
                          throw new IllegalStateException("outer");
                        }))
        .hasMessage("outer");

    assertThat(notesOf(plinth, notes, alice)).isEmpty();
  }

  @Test
  void aTransactionInsideAnotherIsRefused(
      Plinth plinth,
      Notes notes,
      Organization acme,
      Member alice,
      Organization globex,
      Member bob) {
    assertMisuse(
        () ->
            plinth
                .as(alice)
                .run(tx -> plinth.as(bob).run(inner -> notes.write(inner, "notes", "leak"))));
    assertMisuse(() -> plinth.as(alice).run(tx -> plinth.asSystem("why").run(inner -> {})));
    assertMisuse(
        () ->
            plinth
                .as(alice)
                .run(tx -> tx.dsl().connection(c -> plinth.as(bob).join(c, inner -> 1))));

    assertThat(notesOf(plinth, notes, bob)).isEmpty();
  }

  @Test
  void aTransactionIsUselessAfterItsEnd(
      Plinth plinth, Notes notes, Organization acme, Member alice) {
    AtomicReference<TenantTx> kept = new AtomicReference<>();
    List<DSLContext> keptDsl = new ArrayList<>();
    plinth
        .as(alice)
        .run(
            tx -> {
              kept.set(tx);
              keptDsl.add(tx.dsl());
            });

    assertMisuse(() -> notes.list(kept.get(), "notes"));
    assertMisuse(() -> keptDsl.get(0).execute("SELECT 1"));
  }

  @Test
  void theTransactionRestsWhileTheHostHasItsTurn(
      Plinth plinth, Notes notes, Organization acme, Member alice) {
    List<DSLContext> hosts = new ArrayList<>();
    plinth
        .as(alice)
        .run(
            tx -> {
              DSLContext before = tx.dsl();
              assertMisuse(() -> tx.asHost(host -> notes.list(tx, "notes")));
              assertMisuse(() -> tx.asHost(host -> before.execute("SELECT 1")));
              tx.asHost(
                  host -> {
                    hosts.add(host);
                    return host.execute("SELECT 1");
                  });
              assertMisuse(() -> hosts.get(0).execute("SELECT 1"));
              assertThat(role(tx.dsl())).isEqualTo("plinth_app");
            });
  }

  @Test
  void theRoleComesBackHoweverTheHostsTurnEnds(
      Plinth plinth, Notes notes, Organization acme, Member alice) {
    plinth
        .as(alice)
        .run(
            tx -> {
              assertThatThrownBy(
                      () ->
                          tx.asHost(
                              host -> {
                                throw new IllegalStateException("host");
                              }))
                  .hasMessage("host");
              assertThat(role(tx.dsl())).isEqualTo("plinth_app");
              assertThatThrownBy(
                      () ->
                          tx.dsl()
                              .transaction(nested -> tx.asHost(host -> host.execute("SELECT 1/0"))))
                  .isInstanceOf(PlinthException.class);
              assertThat(role(tx.dsl())).isEqualTo("plinth_app");
            });
  }

  @Test
  void aReaderWritesNothing(Plinth plinth, Notes notes, Organization acme, Member alice) {
    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(() -> plinth.as(alice).read(tx -> notes.write(tx, "notes", "no")));
  }

  @Test
  void aCheckedExceptionReachesTheCallerAsItIs(Plinth plinth, Organization acme, Member alice) {
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          throw new IOException("host's own");
                        }))
        .isInstanceOf(IOException.class)
        .hasMessage("host's own");
  }

  @Test
  void aThreadCanGoOnAfterARefusal(Plinth plinth, Notes notes, Organization acme, Member alice) {
    assertMisuse(() -> plinth.as(alice).run(tx -> plinth.as(alice).run(inner -> {})));

    plinth.as(alice).run(tx -> notes.write(tx, "notes", "fine"));

    assertThat(notesOf(plinth, notes, alice)).containsExactly("fine");
  }

  static String role(DSLContext dsl) {
    return dsl.fetchSingle("SELECT current_user::text").get(0, String.class);
  }

  private static List<String> notesOf(Plinth plinth, Notes notes, Member member) {
    return plinth.as(member).read(tx -> notes.list(tx, "notes"));
  }

  private static void assertMisuse(ThrowingCallable call) {
    assertThatExceptionOfType(TransactionMisuseException.class).isThrownBy(call);
  }
}
