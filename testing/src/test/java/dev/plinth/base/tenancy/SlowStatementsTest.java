package dev.plinth.base.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.ConstraintViolationException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.notes.Notes;
import dev.plinth.notes.NotesModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** Slow statements are logged with their text, and never with a value. */
@PlinthTest(NotesModule.class)
class SlowStatementsTest {

  private static final Duration ALWAYS = Duration.ofNanos(1);
  private static final String SECRET = "hunter2";

  @Test
  void theTextOfAStatementOfJooqsIsLoggedWithoutValues(
      TestDatabase database, Notes notes, Organization acme, Member alice) {
    String log =
        logged(
            watching(database, ALWAYS),
            alice,
            tx -> {
              notes.write(tx, "notes", SECRET);
              tx.dsl().select(DSL.inline(SECRET), DSL.val(SECRET)).fetch();
            });

    assertThat(log)
        .contains("WARN dev.plinth.slow-query", " ms: INSERT INTO plinth_notes.notes")
        .contains(" ms: select ?, ?")
        .doesNotContain(SECRET);
  }

  @Test
  void plainJdbcIsLoggedToo(TestDatabase database, Organization acme, Member alice) {
    String log =
        logged(
            watching(database, ALWAYS),
            alice,
            tx ->
                tx.dsl()
                    .connection(
                        c -> {
                          try (PreparedStatement prepared = c.prepareStatement("SELECT ? AS a")) {
                            prepared.setString(1, SECRET);
                            prepared.executeQuery().close();
                          }
                          try (CallableStatement call = c.prepareCall("SELECT ? AS b")) {
                            call.setString(1, SECRET);
                            call.execute();
                          }
                          try (Statement plain = c.createStatement()) {
                            plain.execute("SELECT 'hunter2' AS c");
                            plain.addBatch("SET LOCAL application_name = 'hunter2'");
                            plain.executeBatch();
                          }
                        }));

    assertThat(log)
        .contains("SELECT ? AS a", "SELECT ? AS b", "SELECT ? AS c")
        .contains("SET LOCAL application_name = ?")
        .doesNotContain(SECRET);
  }

  @Test
  void theHostsOwnStatementsAndFailingOnesAreLogged(
      TestDatabase database, Organization acme, Member alice) {
    Plinth plinth = watching(database, ALWAYS);
    String log =
        logged(
            plinth, alice, tx -> tx.asHost(host -> host.fetch("SELECT 'hunter2' AS of_the_host")));
    String failing =
        logged(
            plinth,
            alice,
            tx ->
                assertThatThrownBy(
                        () ->
                            tx.dsl()
                                .transaction(
                                    nested -> nested.dsl().execute("SELECT 'hunter2'::int")))
                    .isInstanceOf(ConstraintViolationException.class));

    assertThat(log).contains("SELECT ? AS of_the_host").doesNotContain(SECRET);
    assertThat(failing).contains("SELECT ?::int").doesNotContain(SECRET);
  }

  @Test
  void whatIsFasterIsNotLoggedAndByDefaultNothingIs(
      Plinth plinth, TestDatabase database, Organization acme, Member alice) {
    assertThat(
            logged(
                watching(database, Duration.ofHours(1)), alice, tx -> tx.dsl().fetch("SELECT 1")))
        .isEmpty();
    assertThat(logged(plinth, alice, tx -> tx.dsl().fetch("SELECT 1"))).isEmpty();
  }

  @Test
  void theGuardHoldsOnAWatchedStatement(TestDatabase database, Organization acme, Member alice) {
    Plinth plinth = watching(database, ALWAYS);
    logged(
        plinth,
        alice,
        tx ->
            assertThatThrownBy(
                    () -> tx.dsl().connection(c -> c.createStatement().execute("COMMIT")))
                .hasMessageContaining("is refused inside a transaction"));
  }

  @Test
  void aThresholdOfNothingIsRefused() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> Plinth.builder().logSlowStatements(Duration.ZERO));
  }

  private static Plinth watching(TestDatabase database, Duration threshold) {
    return Plinth.builder().dataSource(database.host()).logSlowStatements(threshold).build();
  }

  private static String logged(Plinth plinth, Member member, TxAction<TenantTx, Exception> work) {
    PrintStream before = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      plinth.as(member).run(work);
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      System.setErr(before);
    }
    return captured.toString(StandardCharsets.UTF_8);
  }
}
