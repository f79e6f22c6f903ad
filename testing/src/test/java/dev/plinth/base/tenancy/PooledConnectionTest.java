package dev.plinth.base.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.DatabaseUnavailableException;
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
import org.jooq.tools.jdbc.DefaultConnection;
import org.jooq.tools.jdbc.SingleConnectionDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A pool that resets nothing, and a connection that comes back to it in any state. */
@PlinthTest(NotesModule.class)
class PooledConnectionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN; CREATE TEMP TABLE leftover (x int)",
        "BEGIN; SELECT 1/0",
        "SET plinth.organization_id = '%s'; SET plinth.user_id = '%s'",
        "SET plinth.user_role = 'system'",
        "SET plinth.now = '2001-01-01Z'",
        "SET search_path = pg_temp",
        "SET TIME ZONE 'Pacific/Apia'",
        "SET ROLE plinth_app",
        "SET ROLE plinth_system",
        "SET default_transaction_isolation = 'serializable'"
      })
  void theTransactionIsTheTenantsAllTheSame(
      String before,
      Plinth plinth,
      Notes notes,
      TestDatabase database,
      Organization acme,
      Member alice,
      Organization globex,
      Member bob)
      throws SQLException {
    plinth.as(bob).run(tx -> notes.write(tx, "notes", "bob's"));
    try (Connection connection = database.superuser().getConnection()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(before.formatted(globex.id(), bob.userId()));
      } catch (SQLException e) {
        assertThat(e.getMessage()).contains("division by zero");
      }
      Plinth onIt = Plinth.builder().dataSource(single(connection)).build();

      List<String> seen = onIt.as(alice).call(notes::listCarelessly);
      onIt.as(alice).run(tx -> notes.write(tx, "notes", "alice's"));
      List<String> written = onIt.as(alice).call(notes::listCarelessly);

      assertThat(seen).isEmpty();
      assertThat(written).containsExactly("alice's");
      assertThat(connection.getAutoCommit()).isTrue();
    }
    List<String> committed = plinth.as(alice).call(notes::listCarelessly);
    assertThat(committed).containsExactly("alice's");
  }

  @Test
  void whatSomebodyElseLeftOpenIsNotCommitted(
      Notes notes, TestDatabase database, Organization acme, Member alice) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE public.theirs (x int)");
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO public.theirs VALUES (1)");

      Plinth.builder().dataSource(single(connection)).build().as(alice).run(tx -> {});

      try (var row = statement.executeQuery("SELECT count(*) FROM public.theirs")) {
        row.next();
        assertThat(row.getInt(1)).isZero();
      }
      assertThat(connection.getAutoCommit()).isFalse();
    }
  }

  @Test
  void nothingOfTheTenantStaysOnTheConnection(
      Notes notes, TestDatabase database, Organization acme, Member alice) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      Plinth plinth = Plinth.builder().dataSource(single(connection)).build();
      plinth.as(alice).run(tx -> notes.write(tx, "notes", "alice's"));
      assertThatThrownBy(() -> plinth.as(alice).run(tx -> tx.dsl().execute("SELECT 1/0")))
          .isNotNull();

      try (var row =
          statement.executeQuery(
              "SELECT current_user, coalesce(current_setting('plinth.organization_id', true), ''),"
                  + " coalesce(current_setting('plinth.user_id', true), '')")) {
        row.next();
        assertThat(List.of(row.getString(1), row.getString(2), row.getString(3)))
            .containsExactly("postgres", "", "");
      }
    }
  }

  @Test
  void aReadOnlyConnectionIsWrittenThroughAndComesBackReadOnly(
      Notes notes, TestDatabase database, Organization acme, Member alice) throws SQLException {
    try (Connection connection = database.superuser().getConnection()) {
      connection.setReadOnly(true);

      Plinth.builder()
          .dataSource(single(connection))
          .build()
          .as(alice)
          .run(tx -> notes.write(tx, "notes", "written"));

      assertThat(connection.isReadOnly()).isTrue();
    }
  }

  @Test
  void aServerThatIsNotThereIsSaidSo(Organization acme, Member alice) {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");

    assertThatThrownBy(() -> Plinth.builder().dataSource(nowhere).build().as(alice).run(tx -> {}))
        .isInstanceOf(DatabaseUnavailableException.class);
  }

  @Test
  void aConnectionThatBreaksInTheMiddleIsSaidSo(
      Plinth plinth, Notes notes, TestDatabase database, Organization acme, Member alice) {
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          notes.write(tx, "notes", "lost");
                          terminate(
                              database,
                              tx.dsl()
                                  .fetchSingle("SELECT pg_backend_pid()")
                                  .get(0, Integer.class));
                          notes.write(tx, "notes", "never");
                        }))
        .isInstanceOf(DatabaseUnavailableException.class);

    List<String> seen = plinth.as(alice).read(tx -> notes.list(tx, "notes"));
    assertThat(seen).isEmpty();
  }

  private static void terminate(TestDatabase database, int pid) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_terminate_backend(" + pid + ", 5000)");
    }
  }

  /** A pool of one connection that closes and resets nothing. */
  private static SingleConnectionDataSource single(Connection connection) {
    return new SingleConnectionDataSource(
        new DefaultConnection(connection) {
          @Override
          public void close() {}
        });
  }
}
