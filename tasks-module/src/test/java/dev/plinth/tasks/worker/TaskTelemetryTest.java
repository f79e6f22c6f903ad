package dev.plinth.tasks.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.search.Search;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a host measures of its workers: every attempt, and no tenant. */
@PlinthTest(TasksModule.class)
@Timeout(120)
class TaskTelemetryTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Floor floor;
  private TestDatabase database;
  private Organization acme;

  @BeforeEach
  void setUp(Plinth plinth, TestDatabase database, Organization acme, Member alice) {
    this.floor = new Floor(plinth, alice);
    this.database = database;
    this.acme = acme;
    floor.define(NewTaskDefinition.of("mail"));
    floor.define(NewTaskDefinition.of("flaky").retry(Floor.SOON.attempts(2)));
  }

  @Test
  void attemptsAreTimedByDefinitionAndOutcome() {
    floor.enqueueAll(List.of(NewTask.of("mail"), NewTask.of("mail")));
    UUID flaky = floor.enqueue(NewTask.of("flaky"));
    try (Host host =
        measured(
            new MicrometerTaskTelemetry(registry),
            worker ->
                worker.handler("mail", task -> null).handler("flaky", TaskTelemetryTest::fail))) {
      assertThat(floor.awaitEnd(flaky).status()).isEqualTo(TaskStatus.DEAD);
      Eventually.is("counted", () -> timed("plinth.tasks.attempts", "flaky", "failed") == 2);
      Eventually.is("counted", () -> timed("plinth.tasks.attempts", "mail", "succeeded") == 2);
      assertThat(timed("plinth.tasks.waits", "mail", "succeeded")).isEqualTo(2);
      assertThat(counted("plinth.tasks.claimed")).isEqualTo(4);
    }
    assertThat(registry.getMeters())
        .flatExtracting(meter -> meter.getId().getTags())
        .extracting(Tag::getValue)
        .doesNotContain(acme.id().toString(), acme.slug(), flaky.toString());
  }

  @Test
  void whatIsTakenOverAndWhatNobodyKnowsIsCounted() throws SQLException {
    floor.define(NewTaskDefinition.of("newer").handler("newer-handler"));
    UUID unknown = floor.enqueue(NewTask.of("newer"));
    UUID lost = floor.enqueue(NewTask.of("mail"));
    execute(
        "UPDATE plinth_tasks.tasks SET status = 'running', attempt = 1, started_at = now(), lease_token = id,"
            + " lease_worker = 'gone', lease_until = now() - interval '1 second' WHERE id = '"
            + lost
            + "'");
    try (Host host =
        measured(
            new MicrometerTaskTelemetry(registry),
            worker -> worker.handler("mail", task -> null))) {
      assertThat(floor.awaitEnd(lost).status()).isEqualTo(TaskStatus.SUCCEEDED);
      Eventually.is("aside", () -> floor.get(unknown).unhandledAt().isPresent());
      Eventually.is("counted", () -> counted("plinth.tasks.unhandled") == 1);
      assertThat(counted("plinth.tasks.recovered")).isEqualTo(1);
    }
  }

  @Test
  void anEndThatIsRefusedIsCounted() {
    UUID id = floor.enqueue(NewTask.of("mail"));
    TaskHandler takenAway =
        task -> {
          if (task.attempt() == 1) {
            execute(
                "UPDATE plinth_tasks.tasks SET status = 'pending', lease_token = NULL, lease_worker = NULL,"
                    + " lease_until = NULL WHERE id = '"
                    + task.taskId()
                    + "'");
          }
          return null;
        };
    try (Host host =
        measured(
            new MicrometerTaskTelemetry(registry), worker -> worker.handler("mail", takenAway))) {
      assertThat(floor.awaitEnd(id).status()).isEqualTo(TaskStatus.SUCCEEDED);
      Eventually.is("counted", () -> counted("plinth.tasks.leases.lost") == 1);
    }
  }

  @Test
  void namesBeyondANumberShareALabel() {
    MicrometerTaskTelemetry telemetry = new MicrometerTaskTelemetry(registry, 2);
    for (String name : List.of("a", "b", "c", "d", "a")) {
      telemetry.attemptEnded(name, "succeeded", Duration.ZERO, Duration.ofMillis(10));
      telemetry.handlerAbandoned(name);
      telemetry.unhandled("handler-of-" + name);
    }

    assertThat(timed("plinth.tasks.attempts", "a", "succeeded")).isEqualTo(2);
    assertThat(timed("plinth.tasks.attempts", "b", "succeeded")).isEqualTo(1);
    assertThat(timed("plinth.tasks.attempts", "other", "succeeded")).isEqualTo(2);
    assertThat(
            registry
                .get("plinth.tasks.attempts")
                .tag("definition", "other")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(20);
    assertThat(registry.find("plinth.tasks.handlers.abandoned").counters()).hasSize(3);
    assertThat(registry.find("plinth.tasks.unhandled").counters()).hasSize(3);
    assertThatThrownBy(() -> new MicrometerTaskTelemetry(registry, -1))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void whatTheHostsTelemetryThrowsChangesNothing() {
    AtomicInteger heard = new AtomicInteger();
    UUID flaky = floor.enqueue(NewTask.of("flaky"));
    try (Host host =
        measured(
            failing(heard),
            worker ->
                worker.handler("mail", task -> null).handler("flaky", TaskTelemetryTest::fail))) {
      assertThat(floor.awaitEnd(flaky).status()).isEqualTo(TaskStatus.DEAD);
      assertThat(floor.attempts(flaky)).hasSize(2);
      UUID after = floor.enqueue(NewTask.of("mail"));
      assertThat(floor.awaitEnd(after).status()).isEqualTo(TaskStatus.SUCCEEDED);
      Eventually.is("told of claims and ends", () -> heard.get() >= 6);
    }
  }

  /** Errors as well: a class that is missing in the host, and one that the process may survive. */
  private static TaskTelemetry failing(AtomicInteger heard) {
    return new TaskTelemetry() {
      @Override
      public void claimed(int count) {
        heard.incrementAndGet();
        throw new NoClassDefFoundError("io/micrometer/Missing");
      }

      @Override
      public void attemptEnded(String definition, String outcome, Duration waited, Duration took) {
        heard.incrementAndGet();
        throw new StackOverflowError("of the host's telemetry");
      }
    };
  }

  private static Object fail(TaskContext task) {
    throw new IllegalStateException("attempt " + task.attempt());
  }

  private Host measured(TaskTelemetry telemetry, UnaryOperator<WorkerBuilder> handlers) {
    return Host.start(database, worker -> handlers.apply(worker.telemetry(telemetry)));
  }

  private long timed(String name, String definition, String outcome) {
    return registry.find(name).tags("definition", definition, "outcome", outcome).timers().stream()
        .mapToLong(Timer::count)
        .sum();
  }

  private int counted(String name) {
    Search found = registry.find(name);
    return (int) found.counters().stream().mapToDouble(counter -> counter.count()).sum();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
