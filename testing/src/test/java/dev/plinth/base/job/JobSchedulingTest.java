package dev.plinth.base.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.plinth.base.Plinth;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** What starts by itself, when, and how it is ended. */
@PlinthTest
@Timeout(120)
class JobSchedulingTest {

  private static final Instant THEN = Instant.parse("2031-01-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration OFTEN = Duration.ofMillis(10);

  private final List<Plinth> started = new ArrayList<>();
  private final AtomicInteger runs = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);

  @AfterEach
  void close(SettableClock clock) {
    mayEnd.countDown();
    started.forEach(Plinth::close);
    clock.reset();
    Eventually.is("no thread is left", () -> threads().isEmpty());
  }

  @Test
  void eightHostsRunAJobOnceAPeriod(Plinth plinth, TestDatabase database, SettableClock clock) {
    Job counting = Job.of("working.counting", HOUR, run -> runs.incrementAndGet());
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Line line = new Line(database.host());
      lines.add(line);
      start(host(line.dataSource(), clock, counting));
    }

    for (int period = 1; period <= 3; period++) {
      awaitRuns(period);
      Eventually.is("ended", () -> isFree(plinth, counting));
      awaitLooks(lines);
      assertThat(runs).hasValue(period);
      clock.advance(HOUR);
    }
  }

  @Test
  void nothingRunsWithoutStart(Plinth plinth, TestDatabase database, SettableClock clock) {
    Job counting = Job.of("working.unstarted", HOUR, run -> runs.incrementAndGet());
    Plinth host = host(database.host(), clock, counting);

    host.asSystem("test").run(tx -> {});
    assertThat(threads()).isEmpty();
    assertThat(states(plinth)).extracting(JobState::name).doesNotContain("working.unstarted");

    start(host);
    awaitRuns(1);
  }

  @Test
  void whatWasDueWhileNoHostWasUpRunsOnce(TestDatabase database, SettableClock clock) {
    Job counting = Job.of("working.missed", HOUR, run -> runs.incrementAndGet());
    host(database.host(), clock, counting).jobs().runNow("working.missed");
    clock.advance(HOUR.multipliedBy(5));

    Line line = new Line(database.host());
    start(host(line.dataSource(), clock, counting));
    awaitRuns(2);
    awaitLooks(List.of(line));

    assertThat(runs).hasValue(2);
  }

  @Test
  void jobsOfModulesThatAHostDoesNotHaveAreLeftAlone(
      Plinth plinth, TestDatabase database, SettableClock clock) {
    Job others = Job.of("working.others", HOUR, run -> {});
    JobState before = host(database.host(), clock, others).jobs().runNow("working.others");
    clock.advance(HOUR.multipliedBy(2));

    Line line = new Line(database.host());
    start(
        host(line.dataSource(), clock, Job.of("working.own", HOUR, run -> runs.incrementAndGet())));
    awaitRuns(1);
    awaitLooks(List.of(line));

    assertThat(states(plinth)).contains(before);
  }

  @Test
  void aJobThatFailsIsTriedAgainLaterAndStopsNoOther(
      Plinth plinth, TestDatabase database, SettableClock clock) {
    AtomicInteger attempts = new AtomicInteger();
    Job failing =
        Job.of(
            "working.fails",
            HOUR,
            run -> {
              if (attempts.incrementAndGet() < 3) {
                throw new AssertionError("an error, not an exception");
              }
            });
    Job counting = Job.of("working.fine", Duration.ofSeconds(1), run -> runs.incrementAndGet());
    clock.freezeAt(THEN);
    start(host(database.host(), clock, failing, counting));

    for (int attempt = 1; attempt <= 3; attempt++) {
      int wanted = attempt;
      Eventually.is("attempt " + wanted, () -> attempts.get() == wanted && isFree(plinth, failing));
      awaitRuns(attempt);
      clock.advance(Duration.ofSeconds(20));
    }

    JobState state = state(plinth, failing);
    assertThat(List.of(state.runs(), state.failures())).containsExactly(3L, 2L);
    assertThat(state.lastError()).isEmpty();
  }

  @Test
  void whenTheDatabaseIsBackSoAreTheJobs(TestDatabase elsewhere, SettableClock clock)
      throws SQLException {
    try (TestDatabase database = TestServer.shared().migrated(List.of())) {
      PGSimpleDataSource host = new PGSimpleDataSource();
      host.setUrl(database.hostUrl());
      Line line = new Line(host);
      Job counting = Job.of("working.patient", HOUR, run -> runs.incrementAndGet());
      Plinth patient = host(line.dataSource(), clock, counting);
      start(patient);
      awaitRuns(1);

      execute(elsewhere, "ALTER DATABASE %s ALLOW_CONNECTIONS false".formatted(database.name()));
      execute(
          elsewhere,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
              .formatted(database.name()));
      clock.advance(HOUR);
      awaitLooks(List.of(line));
      assertThat(runs).hasValue(1);
      execute(elsewhere, "ALTER DATABASE %s ALLOW_CONNECTIONS true".formatted(database.name()));

      awaitRuns(2);
      patient.close();
    }
  }

  @Test
  void closeStopsARunAndAnotherHostGoesOnWithItAtOnce(
      Plinth plinth, TestDatabase database, SettableClock clock) throws InterruptedException {
    Job batches =
        Job.of(
            "working.batches",
            HOUR,
            run -> {
              begun.countDown();
              while (!run.stopping()) {
                run.asSystem().run(tx -> {});
              }
            });
    clock.freezeAt(THEN);
    Plinth first = host(database.host(), clock, batches);
    start(first);
    begun.await();

    first.close();

    JobState state = state(plinth, batches);
    assertThat(state.leaseHolder()).isEmpty();
    assertThat(state.nextRunAt()).isEqualTo(THEN);
    assertThat(List.of(state.runs(), state.failures())).containsExactly(1L, 0L);
    Job goesOn = Job.of("working.batches", HOUR, run -> runs.incrementAndGet());
    start(host(database.host(), clock, goesOn));
    awaitRuns(1);
  }

  @Test
  void closeInterruptsWhatWaits(Plinth plinth, TestDatabase database, SettableClock clock)
      throws InterruptedException {
    Job waiting = Job.of("working.waiting", HOUR, run -> waitToEnd());
    Plinth host = host(database.host(), clock, waiting);
    start(host);
    begun.await();

    host.close();

    assertThat(state(plinth, waiting).leaseHolder()).isEmpty();
    assertThat(state(plinth, waiting).failures()).isZero();
  }

  @Test
  void closeWaitsNoLongerThanItIsToldAndTheLeaseStaysWithTheRun(
      Plinth plinth, TestDatabase database, SettableClock clock) throws InterruptedException {
    Job deaf =
        Job.of(
            "working.deaf",
            HOUR,
            run -> {
              begun.countDown();
              while (mayEnd.getCount() > 0) {
                Thread.onSpinWait();
              }
            });
    Plinth host =
        Plinth.builder()
            .dataSource(database.host())
            .modules(new Working(deaf))
            .clock(clock)
            .jobPolling(OFTEN)
            .closeWithin(OFTEN)
            .build();
    start(host);
    begun.await();

    host.close();

    assertThat(state(plinth, deaf).leaseHolder()).contains(JobLease.HOLDER);
    mayEnd.countDown();
    Eventually.is("given back", () -> isFree(plinth, deaf));
  }

  @Test
  void nothingIsLeftAfterCloseAndAHostThatForgetsItCanEnd(
      TestDatabase database, SettableClock clock) throws InterruptedException {
    Plinth host = host(database.host(), clock, Job.of("working.leaving", HOUR, run -> waitToEnd()));
    host.start();
    start(host);
    begun.await();
    List<Thread> running = threads();

    host.close();

    assertThat(running)
        .extracting(Thread::getName)
        .contains("plinth-jobs", "plinth-job", "plinth-lease-working.leaving");
    assertThat(running).allMatch(Thread::isDaemon);
    Eventually.is("no thread is left", () -> threads().isEmpty());
    HikariDataSource pool = (HikariDataSource) database.host();
    assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
  }

  private void waitToEnd() throws InterruptedException {
    begun.countDown();
    mayEnd.await();
  }

  private void start(Plinth host) {
    started.add(host);
    host.start();
  }

  private void awaitRuns(int number) {
    Eventually.is("run " + number, () -> runs.get() >= number);
  }

  /** Until each has looked for due jobs a few times more. */
  private static void awaitLooks(List<Line> lines) {
    for (Line line : lines) {
      int wanted = line.loans() + 5;
      Eventually.is("looked", () -> line.loans() >= wanted);
    }
  }

  private static Plinth host(DataSource dataSource, SettableClock clock, Job... jobs) {
    return Plinth.builder()
        .dataSource(dataSource)
        .modules(new Working(jobs))
        .clock(clock)
        .jobPolling(OFTEN)
        .build();
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .filter(thread -> thread.getName().matches("plinth-(job|jobs|lease-.*)"))
        .toList();
  }

  private static boolean isFree(Plinth plinth, Job job) {
    return state(plinth, job).leaseHolder().isEmpty();
  }

  private static JobState state(Plinth plinth, Job job) {
    return states(plinth).stream()
        .filter(state -> state.name().equals(job.name()))
        .findFirst()
        .orElseThrow();
  }

  private static List<JobState> states(Plinth plinth) {
    return plinth.asSystem("test").read(tx -> plinth.jobs().states(tx));
  }

  private static void execute(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
