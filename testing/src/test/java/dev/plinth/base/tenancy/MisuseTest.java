package dev.plinth.base.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.PlinthException;
import dev.plinth.base.error.TransactionMisuseException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.MemberChanged;
import dev.plinth.base.organization.Organization;
import dev.plinth.notes.Notes;
import dev.plinth.notes.NotesModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.io.IOException;
import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jooq.DSLContext;
import org.jooq.tools.jdbc.DefaultConnection;
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
        "RESET ALL",
        "SELECT 1; COMMIT; BEGIN",
        "INSERT INTO plinth_notes.drafts SELECT * FROM plinth_notes.drafts WHERE false; COMMIT; BEGIN",
        "/* outer /* inner */ still */ COMMIT",
        "SET \"role\" TO plinth_system",
        "SET LOCAL \"role\" TO plinth_system",
        "SET LOCAL plinth.organization_id = '00000000-0000-0000-0000-000000000000'",
        "SET statement_timeout = 1000",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SAVEPOINT here",
        "ROLLBACK TO SAVEPOINT here",
        "RELEASE SAVEPOINT here",
        "CREATE TEMP TABLE batch (x int)",
        "create local temporary table batch as select 1",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
        "LISTEN everything",
        "PREPARE p AS SELECT 1",
        "DROP OWNED BY CURRENT_USER",
        "LOCK TABLE plinth_base.organizations",
        "DO $$ BEGIN EXECUTE 'RESET ROLE'; END $$",
        "SET/**/LOCAL plinth.organization_id = '00000000-0000-0000-0000-000000000000'",
        "SET LOCAL \"plinth\".user_role = 'owner'",
        "-- x\rSET LOCAL plinth.user_role = 'owner'",
        "SET/**/ROLE plinth_system",
        "SET LOCAL standard_conforming_strings = off",
        "CREATE TABLE pg_temp.x (a int)",
        "SELECT 1 AS a INTO TEMP x",
        "CREATE OR REPLACE TEMP VIEW v AS SELECT 1",
        "CREATE TEMP TABLE t (a int DEFAULT length('ON COMMIT DROP'))"
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
              tx.dsl().execute("SET LOCAL statement_timeout = '1min'");
              tx.dsl().execute("SET CONSTRAINTS ALL IMMEDIATE");
              tx.dsl().execute("CREATE TEMP TABLE batch (x int) ON COMMIT DROP");
              tx.dsl().execute("SELECT $$ BEGIN; COMMIT; DROP OWNED BY x $$; SELECT 1");
              tx.dsl().execute("SELECT 'COMMIT' AS commit, '; COMMIT; BEGIN'");
            });
  }

  @Test
  void theConnectionRefusesToEndTheTransactionOrToKeepASetting(
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
                          assertMisuse(() -> c.setSchema("public"));
                          assertMisuse(() -> c.setClientInfo("ApplicationName", "acme"));
                          assertMisuse(() -> c.setClientInfo(new Properties()));
                          assertMisuse(() -> c.setTypeMap(Map.of()));
                          assertMisuse(() -> c.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT));
                          assertMisuse(() -> c.setNetworkTimeout(Runnable::run, 1));
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
    List<String> seen = new ArrayList<>();

    assertMisuse(
        () ->
            plinth
                .as(alice)
                .run(
                    tx -> {
                      endUnseen(tx);
                      seen.addAll(notes.listCarelessly(tx));
                    }));
    assertMisuse(() -> plinth.as(alice).run(MisuseTest::endUnseen));

    assertThat(seen).isEmpty();
  }

  /** What a host could only do by taking the wrapper apart. */
  private static void endUnseen(TenantTx tx) {
    tx.dsl()
        .connection(
            c -> {
              while (c instanceof DefaultConnection wrapper) {
                c = (Connection) raw(wrapper);
              }
              c.createStatement().execute("COMMIT");
            });
  }

  private static Object raw(DefaultConnection wrapper) throws ReflectiveOperationException {
    Field delegate = DefaultConnection.class.getDeclaredField("delegate");
    delegate.setAccessible(true);
    return delegate.get(wrapper);
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
  void aFailureSwallowedInANestedTransactionUndoesThatOneAlone(
      Plinth plinth, Notes notes, Organization acme, Member alice) {
    plinth
        .as(alice)
        .run(
            tx -> {
              notes.write(tx, "notes", "0");
              tx.dsl()
                  .transaction(
                      outer -> {
                        notes.write(tx, "notes", "1");
                        assertThatThrownBy(
                                () ->
                                    tx.dsl()
                                        .transaction(
                                            inner -> {
                                              notes.write(tx, "notes", "lost");
                                              swallow(() -> tx.dsl().execute("SELECT 1/0"));
                                            }))
                            .isNotNull();
                        notes.write(tx, "notes", "2");
                      });
              notes.write(tx, "notes", "3");
            });

    assertThat(notesOf(plinth, notes, alice)).containsExactlyInAnyOrder("0", "1", "2", "3");
  }

  private static void swallow(Runnable failing) {
    assertThatThrownBy(failing::run).isInstanceOf(PlinthException.class);
  }

  @Test
  void aSavepointOfTheHostsTurnIsOfNoUseAfterwards(
      Plinth plinth, Notes notes, Organization acme, Member alice) {
    plinth
        .as(alice)
        .run(
            tx -> {
              List<Savepoint> hosts = new ArrayList<>();
              tx.asHost(
                  host -> {
                    host.connection(c -> hosts.add(c.setSavepoint()));
                    return 1;
                  });
              tx.dsl().connection(c -> assertMisuse(() -> c.rollback(hosts.get(0))));
              assertThat(role(tx.dsl())).isEqualTo("plinth_app");
            });
  }

  @Test
  void whatIsKeptOpenIsClosedWithTheTransaction(
      Plinth plinth, TestDatabase database, Notes notes, Organization acme, Member alice)
      throws SQLException {
    Plinth superuser = Plinth.builder().dataSource(database.superuserPool()).build();
    List<PreparedStatement> kept = new ArrayList<>();
    try (Connection connection = database.superuserPool().getConnection()) {
      connection.setAutoCommit(false);
      superuser
          .as(alice)
          .join(
              connection,
              tx -> {
                tx.dsl()
                    .connection(
                        c -> {
                          kept.add(c.prepareStatement("UPDATE plinth_notes.notes SET text = 'x'"));
                          kept.add(c.prepareCall("SELECT text FROM plinth_notes.notes"));
                        });
                return 1;
              });

      for (PreparedStatement statement : kept) {
        assertMisuse(statement::execute);
        assertMisuse(statement::executeLargeUpdate);
        assertMisuse(statement::executeQuery);
        assertThat(statement).isNotNull();
      }
      connection.rollback();
    }
  }

  @Test
  void rowsOfTheTransactionAreNotWrittenInTheHostsTurn(
      Plinth plinth, TestDatabase database, Notes notes, Organization acme, Member alice) {
    Plinth superuser = Plinth.builder().dataSource(database.superuserPool()).build();
    superuser
        .as(alice)
        .run(
            tx -> {
              notes.write(tx, "notes", "mine");
              tx.dsl()
                  .connection(
                      c -> {
                        ResultSet rows =
                            c.createStatement(
                                    ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE)
                                .executeQuery("SELECT * FROM plinth_notes.notes");
                        tx.asHost(
                            host -> {
                              assertMisuse(rows::next);
                              assertMisuse(rows::updateRow);
                              return 1;
                            });
                      });
            });
  }

  @Test
  void whatIsPublishedAfterTheEndIsHeardByNobody(
      Plinth plinth, NotesModule module, Organization acme, Member alice) {
    List<TenantTx> kept = new ArrayList<>();
    plinth.as(alice).run(kept::add);
    MemberChanged event = new MemberChanged(acme.id(), alice.userId(), MemberRole.OWNER, true);

    assertMisuse(() -> kept.get(0).publish(event));

    assertThat(module.heard()).doesNotContain(event);
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
  void evenASqlExceptionOfTheHostsOwnReachesTheCallerAsItIs(
      Plinth plinth, TestDatabase database, Organization acme, Member alice) throws SQLException {
    SQLException own = new SQLException("host's own", "23505");
    TxWork<TenantTx, Integer, SQLException> work =
        tx -> {
          throw own;
        };

    assertThatThrownBy(() -> plinth.as(alice).call(work)).isSameAs(own);
    try (Connection connection = database.host().getConnection()) {
      connection.setAutoCommit(false);
      assertThatThrownBy(() -> plinth.as(alice).join(connection, work)).isSameAs(own);
      connection.rollback();
    }
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
