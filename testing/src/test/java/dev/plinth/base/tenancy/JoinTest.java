package dev.plinth.base.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.TransactionMisuseException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.organization.Organization;
import dev.plinth.notes.Notes;
import dev.plinth.notes.NotesModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jooq.Cursor;
import org.jooq.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plinth inside a transaction that the host began: it neither ends it nor leaves traces. */
@PlinthTest(NotesModule.class)
class JoinTest {

  private static final String STATE =
      """
      SELECT concat_ws('|', current_user, current_setting('role'),
                       coalesce(current_setting('plinth.organization_id', true), ''),
                       coalesce(current_setting('plinth.user_id', true), ''),
                       coalesce(current_setting('plinth.user_role', true), ''))
      """;

  @BeforeEach
  void aTableOfTheHosts(TestDatabase database) throws SQLException {
    try (Connection connection = database.superuser().getConnection()) {
      execute(
          connection,
          "CREATE TABLE IF NOT EXISTS public.orders (text text); GRANT ALL ON public.orders TO PUBLIC;"
              + " TRUNCATE public.orders");
    }
  }

  @Test
  void theHostsTablesAndOursAreCommittedTogether(
      Plinth plinth, Notes notes, TestDatabase database, Organization acme, Member alice)
      throws SQLException {
    try (Connection connection = begun(database)) {
      execute(connection, "INSERT INTO orders VALUES ('before')");
      String before = one(connection, STATE);
      UUID note = plinth.as(alice).join(connection, tx -> notes.write(tx, "notes", "joined"));
      assertThat(note).isNotNull();
      assertThat(one(connection, STATE)).isEqualTo(before);
      execute(connection, "INSERT INTO orders VALUES ('after')");
      connection.commit();
    }

    assertThat(orders(database)).isEqualTo("after,before");
    assertThat(notesOf(plinth, notes, alice)).containsExactly("joined");
  }

  @Test
  void theHostRollsBothBack(
      Plinth plinth, Notes notes, TestDatabase database, Organization acme, Member alice)
      throws SQLException {
    try (Connection connection = begun(database)) {
      execute(connection, "INSERT INTO orders VALUES ('before')");
      plinth.as(alice).join(connection, tx -> notes.write(tx, "notes", "joined"));
      connection.rollback();
    }

    assertThat(orders(database)).isEmpty();
    assertThat(notesOf(plinth, notes, alice)).isEmpty();
  }

  @Test
  void afterAFailureTheHostGoesOnWithoutWhatFailed(
      Plinth plinth, Notes notes, TestDatabase database, Organization acme, Member alice)
      throws SQLException {
    try (Connection connection = begun(database)) {
      execute(connection, "INSERT INTO orders VALUES ('before')");
      String before = one(connection, STATE);
      assertThatThrownBy(
              () ->
                  plinth
                      .as(alice)
                      .join(
                          connection,
                          tx -> {
                            notes.write(tx, "notes", "undone");
                            throw new IllegalStateException("work fails");
                          }))
          .hasMessage("work fails");
      assertThat(one(connection, STATE)).isEqualTo(before);
      execute(connection, "INSERT INTO orders VALUES ('after')");
      connection.commit();
    }

    assertThat(orders(database)).isEqualTo("after,before");
    assertThat(notesOf(plinth, notes, alice)).isEmpty();
  }

  @Test
  void aRefusedMembershipLeavesTheHostsTransactionUsable(
      Plinth plinth, TestDatabase database, Organization acme, Organization globex, Member bob)
      throws SQLException {
    try (Connection connection = begun(database)) {
      execute(connection, "INSERT INTO orders VALUES ('before')");
      String before = one(connection, STATE);
      assertThatExceptionOfType(AccessDeniedException.class)
          .isThrownBy(() -> plinth.as(acme.id(), bob.userId()).join(connection, tx -> 1));
      assertThat(one(connection, STATE)).isEqualTo(before);
      connection.commit();
    }

    assertThat(orders(database)).isEqualTo("before");
  }

  @Test
  void aConflictLeavesTheHostsTransactionUsable(
      Plinth plinth, TestDatabase database, Organization acme, Member alice) throws SQLException {
    try (Connection connection = begun(database)) {
      assertThatExceptionOfType(ConflictException.class)
          .isThrownBy(
              () ->
                  plinth
                      .asSystem("test")
                      .join(
                          connection,
                          tx ->
                              plinth
                                  .organizations()
                                  .create(
                                      tx,
                                      NewOrganization.of(acme.slug(), "Twice")
                                          .ownedBy(alice.userId()))))
          .satisfies(e -> assertThat(e.what()).isEqualTo("slug"));
      execute(connection, "INSERT INTO orders VALUES ('after')");
      connection.commit();
    }

    assertThat(orders(database)).isEqualTo("after");
  }

  @Test
  void aFailureSwallowedInsideIsStillUndone(
      Plinth plinth, Notes notes, TestDatabase database, Organization acme, Member alice)
      throws SQLException {
    try (Connection connection = begun(database)) {
      assertThatExceptionOfType(TransactionMisuseException.class)
          .isThrownBy(
              () ->
                  plinth
                      .as(alice)
                      .join(
                          connection,
                          tx -> {
                            notes.write(tx, "notes", "undone");
                            assertThatThrownBy(() -> tx.dsl().execute("SELECT 1/0")).isNotNull();
                            return 1;
                          }));
      execute(connection, "INSERT INTO orders VALUES ('after')");
      connection.commit();
    }

    assertThat(orders(database)).isEqualTo("after");
    assertThat(notesOf(plinth, notes, alice)).isEmpty();
  }

  @Test
  void aRoleThatTheHostSetItselfComesBack(
      Plinth plinth, TestDatabase database, Organization acme, Member alice) throws SQLException {
    try (Connection connection = begun(database)) {
      execute(connection, "SET LOCAL ROLE plinth_reader");
      plinth
          .as(alice)
          .join(connection, tx -> assertThat(MisuseTest.role(tx.dsl())).isEqualTo("plinth_app"));
      assertThat(one(connection, "SELECT current_user")).isEqualTo("plinth_reader");
      connection.rollback();
    }
  }

  @Test
  void aHostThatCommitsInTheMiddleIsToldSo(
      Plinth plinth, Notes notes, TestDatabase database, Organization acme, Member alice)
      throws SQLException {
    try (Connection connection = begun(database)) {
      assertThatExceptionOfType(TransactionMisuseException.class)
          .isThrownBy(
              () ->
                  plinth
                      .as(alice)
                      .join(
                          connection,
                          tx -> {
                            connection.commit();
                            return notes.listCarelessly(tx);
                          }));
      assertThat(one(connection, "SELECT current_user")).isEqualTo("plinth_test_host");
      connection.rollback();
    }
  }

  @Test
  void aCursorOfOneTenantIsClosedBeforeTheNext(
      Plinth plinth,
      Notes notes,
      TestDatabase database,
      Organization acme,
      Member alice,
      Organization globex,
      Member bob)
      throws SQLException {
    for (Member member : List.of(alice, bob)) {
      plinth
          .as(member)
          .run(
              tx -> {
                for (int i = 0; i < 30; i++) {
                  notes.write(tx, "notes", member.displayName() + i);
                }
              });
    }
    try (Connection superuser = database.superuser().getConnection()) {
      execute(superuser, "ANALYZE plinth_notes.notes");
    }
    List<String> seen = new ArrayList<>();
    try (Connection connection = begun(database)) {
      Cursor<?> kept =
          plinth
              .as(alice)
              .join(
                  connection,
                  tx ->
                      tx.dsl()
                          .resultQuery("SELECT text FROM plinth_notes.notes")
                          .fetchSize(2)
                          .fetchLazy());
      plinth
          .as(bob)
          .join(
              connection,
              tx -> {
                assertThatThrownBy(
                        () -> {
                          for (Record row : kept) {
                            seen.add(row.get(0, String.class));
                          }
                        })
                    .isNotNull();
                return 1;
              });
      connection.rollback();
    }

    assertThat(seen).isEmpty();
  }

  @Test
  void aSavepointOfTheHostsIsNotRolledBackToFromInside(
      Plinth plinth, Notes notes, TestDatabase database, Organization acme, Member alice)
      throws SQLException {
    try (Connection connection = begun(database)) {
      Savepoint mine = connection.setSavepoint();
      plinth
          .as(alice)
          .join(
              connection,
              tx -> {
                tx.dsl()
                    .connection(
                        c ->
                            assertThatExceptionOfType(TransactionMisuseException.class)
                                .isThrownBy(() -> c.rollback(mine)));
                return 1;
              });
      connection.rollback(mine);
      connection.commit();
    }
  }

  @Test
  void twoThreadsDoNotShareAConnection(
      Plinth plinth,
      TestDatabase database,
      Organization acme,
      Member alice,
      Organization globex,
      Member bob)
      throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (Connection connection = begun(database)) {
      plinth
          .as(alice)
          .join(
              connection,
              tx -> {
                Future<?> second = other.submit(() -> plinth.as(bob).join(connection, inner -> 1));
                assertThatThrownBy(second::get)
                    .hasCauseInstanceOf(TransactionMisuseException.class);
                return 1;
              });
      connection.rollback();
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void aTransactionInWhichAStatementFailedIsRefused(
      Plinth plinth, TestDatabase database, Organization acme, Member alice) throws SQLException {
    try (Connection connection = begun(database)) {
      assertThatThrownBy(() -> execute(connection, "SELECT 1/0")).isNotNull();
      assertThatExceptionOfType(TransactionMisuseException.class)
          .isThrownBy(() -> plinth.as(alice).join(connection, tx -> 1));
      connection.rollback();
    }
  }

  @Test
  void aConnectionInAutocommitModeIsRefused(
      Plinth plinth, TestDatabase database, Organization acme, Member alice) throws SQLException {
    try (Connection connection = database.host().getConnection()) {
      assertThatExceptionOfType(TransactionMisuseException.class)
          .isThrownBy(() -> plinth.as(alice).join(connection, tx -> 1));
    }
  }

  @Test
  void aTransactionOfItsOwnInsideAJoinedOneIsRefused(
      Plinth plinth, TestDatabase database, Organization acme, Member alice) throws SQLException {
    try (Connection connection = begun(database)) {
      assertThatExceptionOfType(TransactionMisuseException.class)
          .isThrownBy(
              () ->
                  plinth
                      .as(alice)
                      .join(
                          connection,
                          tx -> {
                            plinth.as(alice).run(inner -> {});
                            return 1;
                          }));
      connection.rollback();
    }
  }

  private static Connection begun(TestDatabase database) throws SQLException {
    Connection connection = database.host().getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  private static String orders(TestDatabase database) throws SQLException {
    try (Connection connection = database.superuser().getConnection()) {
      return one(
          connection, "SELECT coalesce(string_agg(text, ',' ORDER BY text), '') FROM orders");
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static List<String> notesOf(Plinth plinth, Notes notes, Member member) {
    return plinth.as(member).read(tx -> notes.list(tx, "notes"));
  }
}
