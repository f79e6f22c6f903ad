package dev.plinth.base.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.TransactionMisuseException;
import dev.plinth.base.job.JobFailedException.Reason;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.telemetry.Telemetry;
import dev.plinth.base.tenancy.Tenancy;
import dev.plinth.base.tenancy.TenancySettings;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is recorded of a job, and who sees it; jobs are run by hand here. */
@PlinthTest
class JobsTest {

  private static final Instant THEN = Instant.parse("2031-01-01T00:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String COUNT = "SELECT count(*)::int FROM plinth_base.jobs";

  @BeforeEach
  void freeze(SettableClock clock) {
    clock.freezeAt(THEN);
  }

  @AfterEach
  void reset(SettableClock clock) {
    clock.reset();
  }

  @Test
  void aRunIsRecordedAndTheNextIsDueAPeriodAfterItBegan(
      TestDatabase database, SettableClock clock) {
    Duration took = Duration.ofSeconds(7);
    Plinth plinth =
        host(database, clock, Job.of("working.recorded", MINUTE, run -> clock.advance(took)));

    JobState first = plinth.jobs().runNow("working.recorded");
    JobState second = plinth.jobs().runNow("working.recorded");
    List<JobState> states = plinth.asSystem("test").read(tx -> plinth.jobs().states(tx));

    assertThat(first)
        .isEqualTo(
            new JobState(
                "working.recorded",
                THEN.plus(MINUTE),
                null,
                null,
                THEN,
                THEN.plus(took),
                THEN.plus(took),
                1,
                0,
                0,
                null));
    assertThat(second.runs()).isEqualTo(2);
    assertThat(second.nextRunAt()).isEqualTo(THEN.plus(took).plus(MINUTE));
    assertThat(states).contains(second);
  }

  @Test
  void theWorkHasTransactionsOfBothKindsAndItsTime(
      TestDatabase database, SettableClock clock, Organization acme) {
    List<Object> seen = new ArrayList<>();
    Job looking =
        Job.of(
            "working.looking",
            MINUTE,
            run -> {
              run.asSystem().run(tx -> seen.add(tx.reason()));
              run.asService(acme.id()).run(tx -> seen.add(tx.organizationId()));
              seen.add(run.startedAt());
              seen.add(run.stopping());
            });

    host(database, clock, looking).jobs().runNow("working.looking");

    assertThat(seen).containsExactly("working.looking", acme.id(), THEN, false);
  }

  @Test
  void aFailureIsRecordedWithoutWhatAForeignMessageQuotesAndThrown(
      TestDatabase database, SettableClock clock) {
    Exception foreign = new Exception("duplicate key (email)=(alice@example.org)");
    Job failing =
        Job.of(
            "working.failing",
            MINUTE,
            run -> {
              throw foreign;
            });
    Plinth plinth = host(database, clock, failing);

    assertThatExceptionOfType(JobFailedException.class)
        .isThrownBy(() -> plinth.jobs().runNow("working.failing"))
        .withCause(foreign)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.THREW))
        .satisfies(e -> assertThat(e.job()).isEqualTo("working.failing"));

    JobState state = state(plinth, "working.failing");
    assertThat(state.lastError()).contains("Exception");
    assertThat(state.lastFinishedAt()).contains(THEN);
    assertThat(state.lastSucceededAt()).isEmpty();
    assertThat(state.leaseHolder()).isEmpty();
  }

  @Test
  void ofOurOwnExceptionsTheFirstLineIsRecorded(TestDatabase database, SettableClock clock) {
    UUID nobody = new UUID(1, 2);
    Job failing = Job.of("working.lookup", MINUTE, run -> run.asService(nobody).run(tx -> {}));
    Plinth plinth = host(database, clock, failing);

    assertThatExceptionOfType(JobFailedException.class)
        .isThrownBy(() -> plinth.jobs().runNow("working.lookup"));

    assertThat(state(plinth, "working.lookup").lastError())
        .contains("NotFoundException: organization not found: " + nobody);
  }

  @Test
  void theWaitGrowsWithEachFailureUpToThePeriodAndASuccessEndsIt(
      TestDatabase database, SettableClock clock) {
    List<Boolean> mayFail = new ArrayList<>(List.of(true, true, true, true, true));
    Job failing =
        Job.of(
            "working.growing",
            MINUTE,
            run -> {
              if (!mayFail.isEmpty()) {
                mayFail.remove(0);
                throw new IllegalStateException("again");
              }
            });
    Plinth plinth = host(database, clock, failing);

    List<Long> waits = new ArrayList<>();
    while (!mayFail.isEmpty()) {
      assertThatExceptionOfType(JobFailedException.class)
          .isThrownBy(() -> plinth.jobs().runNow("working.growing"));
      Instant next = state(plinth, "working.growing").nextRunAt();
      waits.add(Duration.between(THEN, next).toSeconds());
    }
    JobState failed = state(plinth, "working.growing");
    JobState succeeded = plinth.jobs().runNow("working.growing");

    assertThat(waits).containsExactly(10L, 20L, 40L, 60L, 60L);
    assertThat(failed.consecutiveFailures()).isEqualTo(5);
    assertThat(succeeded.consecutiveFailures()).isZero();
    assertThat(succeeded.lastError()).isEmpty();
    assertThat(List.of(succeeded.runs(), succeeded.failures())).containsExactly(6L, 5L);
  }

  @Test
  void whatIsUnknownHereRunningOrInsideATransactionIsRefused(
      TestDatabase database, SettableClock clock) {
    List<Plinth> plinths = new ArrayList<>();
    Job nested =
        Job.of("working.nested", MINUTE, run -> plinths.get(0).jobs().runNow("working.nested"));
    Plinth plinth = host(database, clock, nested);
    plinths.add(plinth);

    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> plinth.jobs().runNow("working.unknown"))
        .satisfies(e -> assertThat(e.what()).isEqualTo("job"));
    assertThatExceptionOfType(JobFailedException.class)
        .isThrownBy(() -> plinth.jobs().runNow("working.nested"))
        .withCauseInstanceOf(JobRunningException.class);
    assertThatExceptionOfType(TransactionMisuseException.class)
        .isThrownBy(
            () -> plinth.asSystem("test").run(tx -> plinth.jobs().runNow("working.nested")));
  }

  @Test
  void whatTheHostsTelemetryThrowsFailsNoJob(TestDatabase database, SettableClock clock) {
    Telemetry failing =
        new Telemetry() {
          @Override
          public void jobEnded(String job, boolean succeeded, Duration took) {
            throw new IllegalStateException("the host's telemetry fails");
          }
        };
    Plinth plinth =
        Plinth.builder()
            .dataSource(database.host())
            .modules(new Working(Job.of("working.measured", MINUTE, run -> {})))
            .clock(clock)
            .telemetry(failing)
            .build();

    assertThat(plinth.jobs().runNow("working.measured").lastSucceededAt()).contains(THEN);
  }

  @Test
  void afterCloseNothingIsRunAndTransactionsAreOpenedAsBefore(
      TestDatabase database, SettableClock clock) {
    Plinth plinth = host(database, clock, Job.of("working.closed", MINUTE, run -> {}));
    plinth.close();
    plinth.close();

    assertThatExceptionOfType(PlinthClosedException.class)
        .isThrownBy(() -> plinth.jobs().runNow("working.closed"));
    assertThatExceptionOfType(PlinthClosedException.class).isThrownBy(plinth::start);
    plinth.asSystem("test").run(tx -> {});
  }

  @Test
  void aDueTimeFurtherAheadThanThePeriodCountsNoMore(TestDatabase database, SettableClock clock) {
    Job daily = Job.of("working.period", Duration.ofDays(1), run -> {});
    host(database, clock, daily).jobs().runNow("working.period");
    Job often = Job.of("working.period", MINUTE, run -> {});

    assertThat(due(database, clock, daily)).isEmpty();
    assertThat(due(database, clock, often)).containsExactly("working.period");
  }

  @Test
  void whoWorksForAnOrganizationSeesNoJobsAndReportingToolsDo(
      Plinth plinth, TestDatabase database, SettableClock clock, Organization acme, Member alice)
      throws SQLException {
    host(database, clock, Job.of("working.seen", MINUTE, run -> {})).jobs().runNow("working.seen");

    int ofApp = plinth.as(alice).call(tx -> tx.dsl().fetchSingle(COUNT).get(0, Integer.class));
    int ofReader = plinth.as(alice).read(tx -> tx.dsl().fetchSingle(COUNT).get(0, Integer.class));

    assertThat(List.of(ofApp, ofReader)).containsExactly(0, 0);
    assertThat(countAs(database, "plinth_reader")).isPositive();
    for (String write :
        List.of(
            "UPDATE plinth_base.jobs SET runs = 9",
            "DELETE FROM plinth_base.jobs",
            "INSERT INTO plinth_base.jobs (name, next_run_at) VALUES ('a.b', now())")) {
      assertThatExceptionOfType(AccessDeniedException.class)
          .isThrownBy(() -> plinth.asService(acme.id(), "test").run(tx -> tx.dsl().execute(write)));
    }
  }

  /** The statement is that of {@code plinth_base.system_health}. */
  @Test
  void whatNoModuleHasAnyMoreIsDeletedByTheSystem(TestDatabase database, SettableClock clock) {
    Plinth plinth = host(database, clock, Job.of("working.retired", MINUTE, run -> {}));
    plinth.jobs().runNow("working.retired");
    String statement = "DELETE FROM plinth_base.jobs WHERE name = 'working.retired'";

    int deleted = plinth.asSystem("test").call(tx -> tx.dsl().execute(statement));
    List<JobState> left = plinth.asSystem("test").read(tx -> plinth.jobs().states(tx));

    assertThat(deleted).isEqualTo(1);
    assertThat(left).extracting(JobState::name).doesNotContain("working.retired");
    assertThat(plinth.jobs().runNow("working.retired").runs()).isEqualTo(1);
  }

  private static int countAs(TestDatabase database, String role) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET ROLE " + role);
      try (ResultSet row = statement.executeQuery(COUNT)) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private static Plinth host(TestDatabase database, SettableClock clock, Job job) {
    return Plinth.builder()
        .dataSource(database.host())
        .modules(new Working(job))
        .clock(clock)
        .build();
  }

  private static List<String> due(TestDatabase database, SettableClock clock, Job job) {
    TenancySettings settings =
        new TenancySettings(database.host(), null, clock, Telemetry.NONE, null);
    Tenancy tenancy = new Tenancy(settings, List.of());
    return new JobRunner(tenancy, List.of(job), JobTiming.DEFAULT, Telemetry.NONE).due();
  }

  private static JobState state(Plinth plinth, String job) {
    return plinth.asSystem("test").read(tx -> plinth.jobs().states(tx)).stream()
        .filter(state -> state.name().equals(job))
        .findFirst()
        .orElseThrow();
  }
}
