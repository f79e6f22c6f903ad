package dev.plinth.base.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.job.JobFailedException.Reason;
import dev.plinth.base.telemetry.Telemetry;
import dev.plinth.base.tenancy.Tenancy;
import dev.plinth.base.tenancy.TenancySettings;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may run a job, and what becomes of runs whose host is lost, cut off or too slow. */
@PlinthTest
@Timeout(120)
class JobLeaseTest {

  private static final Instant THEN = Instant.parse("2031-01-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LEASE = JobTiming.DEFAULT.lease();

  /**
   * So short that the four signs of life in it come soon, and so long that a busy machine gives
   * one; the database's clock stands still.
   */
  private static final Duration SHORT = Duration.ofSeconds(2);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final List<Boolean> told = new CopyOnWriteArrayList<>();

  @BeforeEach
  void freeze(SettableClock clock) {
    clock.freezeAt(THEN);
  }

  @AfterEach
  void end(SettableClock clock) {
    mayEnd.countDown();
    threads.shutdownNow();
    clock.reset();
  }

  @Test
  void aLostRunIsTakenOverAfterItsLeaseAndRecordsNothing(
      Plinth plinth, TestDatabase database, SettableClock clock) throws Exception {
    Line line = new Line(database.host());
    Job waiting = Job.of("working.lost", HOUR, this::waitToEnd);
    Future<JobState> lost = begin(runner(line.dataSource(), clock, LEASE, waiting), waiting.name());
    line.cut();
    List<JobState> during = new ArrayList<>();
    Job looking = Job.of("working.lost", HOUR, run -> during.add(state(plinth, "working.lost")));
    JobRunner other = runner(database.host(), clock, LEASE, looking);

    clock.advance(LEASE.minusMillis(1));
    assertThat(other.due()).isEmpty();
    assertThatExceptionOfType(JobRunningException.class)
        .isThrownBy(() -> other.runNow("working.lost"))
        .satisfies(e -> assertThat(e.holder()).isEqualTo(JobLease.HOLDER));
    clock.advance(Duration.ofMillis(1));
    assertThat(other.due()).containsExactly("working.lost");
    other.runIfDue("working.lost");
    JobState after = state(plinth, "working.lost");
    line.mend();
    mayEnd.countDown();

    assertFailed(lost, Reason.LEASE_LOST);
    assertThat(during).singleElement().satisfies(JobLeaseTest::isNotedAsLost);
    assertThat(after.lastSucceededAt()).contains(THEN.plus(LEASE));
    assertThat(after.nextRunAt()).isEqualTo(THEN.plus(LEASE).plus(HOUR));
    assertThat(List.of(after.runs(), after.failures())).containsExactly(2L, 1L);
    assertThat(after.lastError()).isEmpty();
    assertThat(state(plinth, "working.lost")).isEqualTo(after);
  }

  @Test
  void theLeaseIsExtendedWhileTheWorkGoesOn(
      Plinth plinth, TestDatabase database, SettableClock clock) throws Exception {
    Job waiting = Job.of("working.long", HOUR, this::waitToEnd);
    JobRunner runner = runner(database.host(), clock, SHORT, waiting);
    JobRunner other = runner(database.host(), clock, SHORT, waiting);
    Future<JobState> running = begin(runner, waiting.name());

    for (int i = 0; i < 5; i++) {
      clock.advance(SHORT.minusMillis(1));
      assertThat(other.due()).isEmpty();
      Instant until = clock.instant().plus(SHORT);
      Eventually.is(
          "extended", () -> state(plinth, waiting.name()).leaseUntil().orElseThrow().equals(until));
    }
    mayEnd.countDown();

    assertThat(running.get().lastSucceededAt()).contains(clock.instant());
    assertThat(running.get().leaseUntil()).isEmpty();
    assertThat(told).containsExactly(false);
  }

  @Test
  void whoCannotExtendTheLeaseIsToldToStop(TestDatabase database, SettableClock clock)
      throws Exception {
    Line line = new Line(database.host());
    Job waiting = Job.of("working.cut", HOUR, this::waitToEnd);
    Future<JobState> running =
        begin(runner(line.dataSource(), clock, SHORT, waiting), waiting.name());

    line.cut();

    assertFailed(running, Reason.LEASE_LOST);
    assertThat(told).containsExactly(true);
  }

  @Test
  void whoIsGivenNoConnectionToExtendTheLeaseIsToldToStop(
      TestDatabase database, SettableClock clock) throws Exception {
    Line line = new Line(database.host());
    Job waiting = Job.of("working.starved", HOUR, this::waitToEnd);
    Future<JobState> running =
        begin(runner(line.dataSource(), clock, SHORT, waiting), waiting.name());

    line.hang();
    Eventually.is("told to stop", () -> told.contains(true));
    line.mend();

    assertFailed(running, Reason.LEASE_LOST);
  }

  @Test
  void whoseDatabaseHangsIsToldToStop(TestDatabase database, SettableClock clock) throws Exception {
    Job waiting = Job.of("working.hanging", HOUR, this::waitToEnd);
    Future<JobState> running =
        begin(runner(database.host(), clock, SHORT, waiting), waiting.name());

    try (Connection other = database.superuser().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT FROM plinth_base.jobs WHERE name = 'working.hanging' FOR UPDATE");
      Eventually.is("told to stop", () -> told.contains(true));
      other.rollback();
    }

    assertFailed(running, Reason.LEASE_LOST);
  }

  @Test
  void whatTakesTooLongIsToldToStopAlsoWhenTheDatabaseHangs(
      TestDatabase database, SettableClock clock) throws Exception {
    Line line = new Line(database.host());
    Job waiting = Job.of("working.stuck", HOUR, this::waitToEnd).atMost(SHORT.dividedBy(2));
    Future<JobState> running =
        begin(runner(line.dataSource(), clock, SHORT, waiting), waiting.name());

    line.hang();
    Eventually.is("told to stop", () -> told.contains(true));
    line.mend();

    assertFailed(running, Reason.OVERTIME);
  }

  @Test
  void theLeaseCountsFromBeforeItsTransactionAndNotFromItsAnswer(
      TestDatabase database, SettableClock clock) throws Exception {
    Line line = new Line(database.host());
    Job waiting = Job.of("working.delayed", HOUR, this::waitToEnd);
    JobRunner runner = runner(line.dataSource(), clock, SHORT, waiting);
    line.hang();
    long asked = System.nanoTime();
    Future<JobState> running = threads.submit(() -> runner.runNow(waiting.name()));

    Eventually.is("over", () -> System.nanoTime() - asked > SHORT.multipliedBy(2).toNanos());
    line.mend();

    assertFailed(running, Reason.LEASE_LOST);
    assertThat(told).containsExactly(true);
  }

  @Test
  void whoseLeaseAnotherHasIsToldToStop(Plinth plinth, TestDatabase database, SettableClock clock)
      throws Exception {
    Job waiting = Job.of("working.stolen", HOUR, this::waitToEnd);
    Future<JobState> running =
        begin(runner(database.host(), clock, SHORT, waiting), "working.stolen");

    String steal =
        "UPDATE plinth_base.jobs SET lease_token = gen_random_uuid(), lease_holder = 'thief'"
            + " WHERE name = 'working.stolen'";
    plinth.asSystem("test").run(tx -> tx.dsl().execute(steal));

    assertFailed(running, Reason.LEASE_LOST);
    assertThat(told).containsExactly(true);
    assertThat(state(plinth, "working.stolen").leaseHolder()).contains("thief");
  }

  @Test
  void whatTakesTooLongIsToldToStopAndCountsAsFailed(
      Plinth plinth, TestDatabase database, SettableClock clock) throws Exception {
    Job waiting = Job.of("working.slow", HOUR, this::waitToEnd).atMost(Duration.ofMillis(20));
    Future<JobState> running =
        begin(runner(database.host(), clock, LEASE, waiting), "working.slow");

    assertFailed(running, Reason.OVERTIME);
    assertThat(told).containsExactly(true);
    JobState state = state(plinth, "working.slow");
    assertThat(state.lastError()).contains("took longer than its time limit");
    assertThat(state.failures()).isEqualTo(1);
    assertThat(state.leaseHolder()).isEmpty();
  }

  @Test
  void whatStopsForNobodyIsTakenOverWhenItsTimeIsOver(
      Plinth plinth, TestDatabase database, SettableClock clock) throws Exception {
    Job deaf = Job.of("working.deaf", HOUR, run -> waitDeafly()).atMost(Duration.ofMillis(20));
    Job quick = Job.of("working.deaf", HOUR, run -> {});
    Future<JobState> running = begin(runner(database.host(), clock, SHORT, deaf), "working.deaf");
    JobRunner other = runner(database.host(), clock, SHORT, quick);

    Eventually.is(
        "taken over",
        () -> {
          clock.advance(SHORT);
          other.runIfDue("working.deaf");
          return state(plinth, "working.deaf").lastSucceededAt().isPresent();
        });
    mayEnd.countDown();

    assertFailed(running, Reason.LEASE_LOST);
  }

  @Test
  void whatIsDoneAlthoughToldToStopIsDone(TestDatabase database, SettableClock clock) {
    Job late =
        Job.of("working.late", HOUR, run -> untilInterrupted()).atMost(Duration.ofMillis(20));

    JobState state = runner(database.host(), clock, LEASE, late).runNow("working.late");

    assertThat(state.lastSucceededAt()).contains(THEN);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  /** Ends when it may, or is interrupted, and notes whether it was told to. */
  private void waitToEnd(JobRun run) throws InterruptedException {
    begun.countDown();
    try {
      mayEnd.await();
    } finally {
      told.add(run.stopping());
    }
  }

  private void waitDeafly() {
    begun.countDown();
    while (mayEnd.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  private static void untilInterrupted() {
    while (!Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
  }

  private Future<JobState> begin(JobRunner runner, String job) throws InterruptedException {
    Future<JobState> running = threads.submit(() -> runner.runNow(job));
    begun.await();
    return running;
  }

  private static JobRunner runner(
      DataSource dataSource, SettableClock clock, Duration lease, Job job) {
    JobTiming timing = new JobTiming(Duration.ofHours(1), lease, Duration.ofSeconds(1));
    TenancySettings settings = new TenancySettings(dataSource, null, clock, Telemetry.NONE, null);
    return new JobRunner(new Tenancy(settings, List.of()), List.of(job), timing, Telemetry.NONE);
  }

  private static JobState state(Plinth plinth, String job) {
    return plinth.asSystem("test").read(tx -> plinth.jobs().states(tx)).stream()
        .filter(state -> state.name().equals(job))
        .findFirst()
        .orElseThrow();
  }

  private static void isNotedAsLost(JobState state) {
    assertThat(state.lastError()).contains("its host was lost in the middle of a run");
    assertThat(state.consecutiveFailures()).isEqualTo(1);
  }

  private static void assertFailed(Future<JobState> running, Reason reason) {
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(running::get)
        .havingCause()
        .isInstanceOf(JobFailedException.class)
        .satisfies(e -> assertThat(((JobFailedException) e).reason()).isEqualTo(reason));
  }
}
