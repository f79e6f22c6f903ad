package dev.plinth.base.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.job.JobFailedException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.testing.AtOnce;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As the host's login, which owns nothing, on tables of an owner who is no superuser. */
@PlinthTest
class PartitionsTest {

  private static final String FOREIGN_KEYS =
      "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid), convalidated::int"
          + " FROM pg_constraint WHERE contype = 'f' AND conparentid = 0"
          + " AND connamespace = 'plinth_machines'::regnamespace";

  private Machines machines;
  private SettableClock clock;
  private Instant now;

  @BeforeEach
  void make(TestDatabase database, SettableClock settable) {
    machines = Machines.make(database, database.owner());
    clock = settable;
    now = clock.instant();
  }

  @AfterEach
  void drop() {
    clock.reset();
    machines.drop();
  }

  @Test
  void partitionsAreMadeAheadAndOnlyOnce(Plinth plinth) {
    assertThat(ensure(plinth)).isEmpty();

    clock.advance(Duration.ofDays(1));
    assertThat(ensure(plinth))
        .filteredOn(change -> change.table().equals(Machines.RUNS))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.outcome()).isEqualTo(PartitionOutcome.MADE);
              assertThat(change.partition()).contains(runsAt(now.plus(Duration.ofDays(4))));
              assertThat(change.rows()).isZero();
            });
    assertThat(ensure(plinth)).isEmpty();
  }

  @Test
  void whatWasWrittenInHalfAYearWithoutJobsMovesToWhereItBelongs(
      Plinth plinth, Organization acme, Member alice) {
    Map<String, Integer> keys = machines.look(FOREIGN_KEYS);
    for (int day = 0; day <= 180; day += 10) {
      machines.run(plinth, alice, now.plus(Duration.ofDays(day)));
    }
    assertThat(machines.filled(Machines.RUNS)).containsEntry(Machines.RUNS + "_default", 18);

    clock.advance(Duration.ofDays(180));
    List<PartitionChange> changes = ensure(plinth);

    assertThat(changes).noneMatch(change -> change.outcome() == PartitionOutcome.FAILED);
    assertThat(changes)
        .filteredOn(change -> change.table().equals(Machines.RUNS))
        .extracting(PartitionChange::rows)
        .hasSize(21)
        .satisfies(rows -> assertThat(sum(rows)).isEqualTo(18));
    assertThat(machines.filled(Machines.RUNS))
        .hasSize(19)
        .containsEntry(runsAt(now.plus(Duration.ofDays(90))), 1)
        .doesNotContainKey(Machines.RUNS + "_default");
    assertThat(machines.filled(Machines.LINES)).doesNotContainKey(Machines.LINES + "_default");
    assertThat(machines.count("plinth_machines.lines JOIN plinth_machines.runs r ON r.id = run_id"))
        .isEqualTo(19);
    assertThat(machines.count("plinth_machines.machines WHERE last_run_id IS NOT NULL"))
        .isEqualTo(19);
    assertThat(machines.look(FOREIGN_KEYS)).isEqualTo(keys);
  }

  @Test
  void afterRowsWereMovedReferencesAreCheckedAsBefore(
      Plinth plinth, TestDatabase database, Organization acme, Member alice) throws SQLException {
    Instant later = now.plus(Duration.ofDays(40));
    UUID moved = machines.run(plinth, alice, later);
    clock.advance(Duration.ofDays(40));
    ensure(plinth);

    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx ->
                            tx.dsl()
                                .execute(
                                    "INSERT INTO plinth_machines.machines VALUES (?, ?, ?)",
                                    acme.id(),
                                    UUID.randomUUID(),
                                    UUID.randomUUID())));
    try (Connection superuser = database.superuser().getConnection();
        Statement statement = superuser.createStatement()) {
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(
              () ->
                  statement.execute("DELETE FROM plinth_machines.runs WHERE id = '" + moved + "'"))
          .withMessageContaining("still referenced");
    }
  }

  @Test
  void retentionDropsPartitionsAfterWhatRefersToThemWasEmptied(
      Plinth plinth, Organization acme, Member alice) {
    machines.run(plinth, alice, now);
    UUID young = machines.run(plinth, alice, now.plus(Duration.ofDays(20)));
    clock.advance(Duration.ofDays(32));
    ensure(plinth);

    List<PartitionChange> dropped = dropExpired(plinth);

    assertThat(dropped)
        .contains(
            new PartitionChange(Machines.RUNS, runsAt(now), PartitionOutcome.DROPPED, 2, null))
        .noneMatch(change -> change.outcome() != PartitionOutcome.DROPPED);
    assertThat(machines.look("SELECT id::text, 1 FROM plinth_machines.runs"))
        .containsOnlyKeys(young.toString());
    assertThat(machines.look("SELECT run_id::text, 1 FROM plinth_machines.lines"))
        .containsOnlyKeys(young.toString());
    assertThat(
            machines.look(
                "SELECT coalesce(last_run_id::text, '-'), 1 FROM plinth_machines.machines"))
        .containsOnlyKeys(young.toString(), "-");
    assertThat(dropExpired(plinth)).isEmpty();
  }

  @Test
  void aJobMakesAndDropsThemAndSaysWhatItCouldNot(Plinth plinth, Organization acme, Member alice) {
    machines.run(plinth, alice, now);
    clock.advance(Duration.ofDays(40));

    plinth.jobs().runNow("base.partition-maintenance");

    assertThat(machines.count("plinth_machines.runs")).isZero();
    assertThat(machines.partitions(Machines.RUNS))
        .contains(runsAt(now.plus(Duration.ofDays(43))))
        .doesNotContain(runsAt(now));

    machines.asOwner("DROP POLICY machines_update_system ON plinth_machines.machines");
    machines.asOwner("REVOKE UPDATE ON plinth_machines.machines FROM plinth_system");
    clock.advance(Duration.ofDays(40));
    assertThatExceptionOfType(JobFailedException.class)
        .isThrownBy(() -> plinth.jobs().runNow("base.partition-maintenance"))
        .havingCause()
        .withMessageContaining(Machines.RUNS + ": permission denied");
  }

  @Test
  void oneTransactionLocksATableForOnePartition(Plinth plinth) {
    clock.advance(Duration.ofDays(32));

    List<PartitionChange> dropped =
        plinth.asSystem("retention").call(tx -> plinth.partitions().dropExpired(tx));

    assertThat(dropped)
        .containsExactly(
            new PartitionChange(Machines.RUNS, runsAt(now), PartitionOutcome.DROPPED, 0, null));
  }

  @Test
  void theHostSaysHowLongRowsAreKept(Plinth plinth, Organization acme, Member alice) {
    machines.run(plinth, alice, now);
    Partitions partitions = plinth.partitions();
    plinth.asSystem("host").run(tx -> partitions.keepForever(tx, Machines.RUNS));
    clock.advance(Duration.ofDays(400));
    assertThat(dropExpired(plinth)).isEmpty();

    plinth.asSystem("host").run(tx -> partitions.keepFor(tx, Machines.RUNS, Period.ofYears(1)));
    assertThat(dropExpired(plinth)).extracting(PartitionChange::table).contains(Machines.RUNS);

    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> plinth.asSystem("host").run(tx -> partitions.keepForever(tx, "no.such")));
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(
            () ->
                plinth
                    .asSystem("host")
                    .run(tx -> partitions.keepFor(tx, Machines.RUNS, Period.ZERO)));
  }

  @Test
  void theAuditLogIsKeptUnlessTheHostSaysOtherwise(Plinth plinth) {
    clock.advance(Duration.ofDays(36_500));
    ensure(plinth);

    assertThat(dropExpired(plinth))
        .extracting(PartitionChange::table)
        .doesNotContain("plinth_base.audit_log");
  }

  @Test
  void aClockThatIsAheadOrBehindLosesNothing(Plinth plinth, Organization acme, Member alice) {
    Instant ahead = now.plus(Duration.ofDays(2_000));
    Instant behind = now.minus(Duration.ofDays(500));
    machines.run(plinth, alice, ahead);
    machines.run(plinth, alice, behind);

    ensure(plinth);
    assertThat(machines.filled(Machines.RUNS))
        .containsOnly(Map.entry(Machines.RUNS + "_default", 1), Map.entry(runsAt(behind), 1));

    clock.advance(Duration.ofDays(2_000));
    ensure(plinth);
    assertThat(machines.filled(Machines.RUNS)).containsEntry(runsAt(ahead), 1);
  }

  @Test
  void callersAtOnceDoTheWorkOnce(Plinth plinth) throws Exception {
    clock.advance(Duration.ofDays(40));

    List<List<PartitionChange>> changes =
        AtOnce.run(
            4,
            together -> {
              together.await(10, TimeUnit.SECONDS);
              return ensure(plinth);
            });

    assertThat(changes.stream().flatMap(Collection::stream).toList())
        .doesNotHaveDuplicates()
        .allMatch(change -> change.outcome() == PartitionOutcome.MADE)
        .filteredOn(change -> change.table().equals(Machines.RUNS))
        .hasSize(4);
  }

  @Test
  void aReaderThatTakesLongStopsOneTableAndNoWriter(
      Plinth plinth, TestDatabase database, Organization acme, Member alice) throws SQLException {
    clock.advance(Duration.ofDays(100));
    try (Connection reader = database.superuser().getConnection();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("SELECT count(*) FROM plinth_machines.runs");

      List<PartitionChange> changes = ensure(plinth);

      assertThat(changes)
          .filteredOn(change -> change.outcome() == PartitionOutcome.FAILED)
          .singleElement()
          .satisfies(
              failed -> {
                assertThat(failed.table()).isEqualTo(Machines.RUNS);
                assertThat(failed.reason().orElseThrow()).contains("lock timeout");
              });
      assertThat(changes).extracting(PartitionChange::table).contains(Machines.LINES);
      machines.run(plinth, alice, now);
      machines.run(plinth, alice, now.plus(Duration.ofDays(100)));
    }
    assertThat(ensure(plinth))
        .hasSize(4)
        .allMatch(change -> change.outcome() == PartitionOutcome.MADE);
    assertThat(machines.filled(Machines.RUNS))
        .hasSize(2)
        .doesNotContainKey(Machines.RUNS + "_default");
  }

  @Test
  void whilePartitionsAreMadeOthersReadAndWriteThoseThatAreThere(
      Plinth plinth, TestDatabase database, Organization acme, Member alice) throws SQLException {
    UUID there = machines.run(plinth, alice, now);
    // A new partition of what refers to runs would lock runs against writers.
    machines.asOwner("SELECT plinth_base.unpartition('plinth_machines.lines')");
    clock.advance(Duration.ofDays(1));

    plinth
        .asSystem("test")
        .run(
            tx -> {
              assertThat(plinth.partitions().ensure(tx)).isNotEmpty();
              try (Connection other = database.superuser().getConnection();
                  Statement statement = other.createStatement()) {
                statement.execute("SET lock_timeout = '2s'");
                statement.execute(
                    "INSERT INTO plinth_machines.runs (organization_id, id) VALUES ('%s', plinth_base.uuidv7())"
                        .formatted(acme.id()));
                statement.execute(
                    "SELECT FROM plinth_machines.runs WHERE id = '%s'".formatted(there));
              }
            });

    assertThat(machines.count("plinth_machines.runs")).isEqualTo(2);
  }

  @Test
  void whatCannotBeEmptiedStopsItsPartitionOnly(Plinth plinth, Organization acme, Member alice) {
    machines.asOwner("DROP POLICY machines_update_system ON plinth_machines.machines");
    machines.asOwner("REVOKE UPDATE ON plinth_machines.machines FROM plinth_system");
    machines.run(plinth, alice, now);
    plinth
        .asSystem("host")
        .run(tx -> plinth.partitions().keepFor(tx, Machines.LINES, Period.ofDays(1)));
    clock.advance(Duration.ofDays(70));

    assertThat(dropExpired(plinth))
        .anySatisfy(
            change -> {
              assertThat(change.partition()).contains(runsAt(now));
              assertThat(change.outcome()).isEqualTo(PartitionOutcome.FAILED);
              assertThat(change.reason().orElseThrow()).contains("permission denied");
            })
        .anySatisfy(
            change -> {
              assertThat(change.table()).isEqualTo(Machines.LINES);
              assertThat(change.outcome()).isEqualTo(PartitionOutcome.DROPPED);
            });
    assertThat(machines.count("plinth_machines.runs")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plinth_machines.runs_default", "plinth_base.audit_log_default"})
  void nobodyReachesAPartition(String partition, Plinth plinth, Organization acme, Member alice) {
    String sql = "SELECT * FROM " + partition;

    assertDenied(() -> plinth.as(alice).run(tx -> tx.dsl().execute(sql)));
    assertDenied(() -> plinth.as(alice).read(tx -> tx.dsl().fetch(sql)));
    assertDenied(() -> plinth.asSystem("test").run(tx -> tx.dsl().execute(sql)));
    assertThat(machines.partitions(Machines.RUNS)).contains("plinth_machines.runs_default");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT plinth_base.ensure_partitions()",
        "SELECT plinth_base.drop_expired_partitions()",
        "SELECT plinth_base.keep_partitions('plinth_machines.runs', NULL)",
        "UPDATE plinth_base.partitioned_tables SET keep = '1 second'",
      })
  void onlyTheSystemMaintainsPartitions(
      String sql, Plinth plinth, Organization acme, Member alice) {
    assertDenied(() -> plinth.as(alice).run(tx -> tx.dsl().execute(sql)));
    assertDenied(() -> plinth.as(alice).run(tx -> tx.asHost(host -> host.execute(sql))));
  }

  @Test
  void theSystemChangesRetentionByTheFunctionOnly(Plinth plinth) {
    String sql = "UPDATE plinth_base.partitioned_tables SET ahead = 1";

    assertDenied(() -> plinth.asSystem("test").run(tx -> tx.dsl().execute(sql)));
  }

  private static List<PartitionChange> ensure(Plinth plinth) {
    return plinth.asSystem("partitions").call(tx -> plinth.partitions().ensure(tx));
  }

  private static List<PartitionChange> dropExpired(Plinth plinth) {
    return Machines.dropExpired(plinth);
  }

  private static String runsAt(Instant time) {
    return Machines.RUNS + "_p" + time.toString().substring(0, 10).replace("-", "");
  }

  private static long sum(Collection<? extends Long> rows) {
    return rows.stream().mapToLong(Long::longValue).sum();
  }

  private static void assertDenied(ThrowingCallable call) {
    assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(call);
  }
}
