package dev.plinth.tasks.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.RetryPolicy;
import dev.plinth.tasks.queue.AttemptOutcome;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of tasks that fail. */
@PlinthTest(TasksModule.class)
@Timeout(120)
class RetryTest {

  private Floor floor;
  private TestDatabase database;

  @BeforeEach
  void setUp(Plinth plinth, TestDatabase database, Organization acme, Member alice) {
    this.floor = new Floor(plinth, alice);
    this.database = database;
    floor.define(NewTaskDefinition.of("flaky").retry(Floor.SOON.attempts(3)));
  }

  private Host host(TaskHandler handler) {
    return Host.start(
        database,
        worker -> worker.neverRetry(IllegalArgumentException.class).handler("flaky", handler));
  }

  @Test
  void isTriedAgainUntilItSucceeds() {
    UUID id = floor.enqueue(NewTask.of("flaky"));
    try (Host host = host(task -> succeedAt(3, task))) {
      assertThat(floor.awaitEnd(id).status()).isEqualTo(TaskStatus.SUCCEEDED);
      assertThat(floor.get(id).attempt()).isEqualTo(3);
      assertThat(floor.outcomes(id))
          .containsExactly(AttemptOutcome.SUCCEEDED, AttemptOutcome.FAILED, AttemptOutcome.FAILED);
    }
  }

  private static String succeedAt(int attempt, TaskContext task) {
    if (task.attempt() < attempt) {
      throw new IllegalStateException("attempt " + task.attempt());
    }
    return "done";
  }

  @Test
  void isDeadAfterItsLastAttemptWithItsErrorAndCanBeReplayed() {
    UUID id = floor.enqueue(NewTask.of("flaky"));
    try (Host host = host(task -> succeedAt(4, task))) {
      Task dead = floor.awaitEnd(id);
      assertThat(dead.status()).isEqualTo(TaskStatus.DEAD);
      assertThat(dead.failure().orElseThrow().type()).isEqualTo("java.lang.IllegalStateException");
      assertThat(dead.failure().orElseThrow().message()).contains("attempt 3");
      assertThat(floor.attempts(id).get(0).trace().orElseThrow()).contains("RetryTest");

      floor.replay(id);
      floor.awaitStatus(id, TaskStatus.SUCCEEDED);
      assertThat(floor.get(id).attempt()).isEqualTo(4);
      assertThat(floor.attempts(id)).hasSize(4);
    }
  }

  @Test
  void whatCannotGetBetterIsNotTriedAgain() {
    UUID permanent = floor.enqueue(NewTask.of("flaky").input(Map.of("permanent", true)));
    UUID never = floor.enqueue(NewTask.of("flaky"));
    try (Host host =
        host(
            task -> {
              if (task.input().containsKey("permanent")) {
                throw new PermanentFailureException("no such account");
              }
              throw new NumberFormatException("an illegal argument, too");
            })) {
      assertThat(floor.awaitEnd(permanent).attempt()).isEqualTo(1);
      assertThat(floor.get(permanent).status()).isEqualTo(TaskStatus.DEAD);
      assertThat(floor.awaitEnd(never).attempt()).isEqualTo(1);
    }
  }

  @Test
  void aHandlerSaysWhenItIsToBeTriedAgain() {
    UUID id = floor.enqueue(NewTask.of("flaky"));
    try (Host host =
        host(
            task -> {
              throw new RetryLaterException("too many requests", Duration.ofHours(2));
            })) {
      Task failed = floor.awaitStatus(id, TaskStatus.FAILED);
      Instant inTwoHours = Instant.now().plus(Duration.ofHours(2));
      assertThat(failed.scheduledAt()).isCloseTo(inTwoHours, within(2, ChronoUnit.MINUTES));
      assertThat(failed.attempt()).isEqualTo(1);
    }
  }

  @Test
  void aSnoozedTaskWaitsAndTheAttemptDoesNotCount() {
    AtomicInteger calls = new AtomicInteger();
    UUID id = floor.enqueue(NewTask.of("flaky"));
    try (Host host =
        host(
            task -> {
              if (calls.incrementAndGet() <= 5) {
                throw new SnoozedException(Duration.ofMillis(1));
              }
              return null;
            })) {
      assertThat(floor.awaitEnd(id).status()).isEqualTo(TaskStatus.SUCCEEDED);
      assertThat(floor.get(id).attempt()).isEqualTo(1);
      assertThat(floor.outcomes(id))
          .hasSize(6)
          .endsWith(Collections.nCopies(5, AttemptOutcome.SNOOZED).toArray(AttemptOutcome[]::new));
    }
  }

  @Test
  void whatIsNoJsonIsTheHandlersFailureAndHarmsNoOther() {
    UUID cycle = floor.enqueue(NewTask.of("flaky").input(Map.of("kind", "cycle")));
    UUID nul = floor.enqueue(NewTask.of("flaky").input(Map.of("kind", "nul")));
    UUID large = floor.enqueue(NewTask.of("flaky").input(Map.of("kind", "large")));
    UUID good = floor.enqueue(NewTask.of("flaky").input(Map.of("kind", "good")));
    try (Host host = host(task -> output(String.valueOf(task.input().get("kind"))))) {
      for (UUID id : new UUID[] {cycle, nul, large}) {
        Task dead = floor.awaitEnd(id);
        assertThat(dead.status()).isEqualTo(TaskStatus.DEAD);
        assertThat(dead.failure().orElseThrow().type()).isEqualTo("OutputNotJson");
      }
      assertThat(floor.awaitEnd(good).status()).isEqualTo(TaskStatus.SUCCEEDED);
    }
  }

  private static Object output(String kind) {
    return switch (kind) {
      case "cycle" -> {
        Map<String, Object> cycle = new HashMap<>();
        cycle.put("self", cycle);
        yield cycle;
      }
      case "nul" -> Map.of("text", "a\0b");
      case "large" -> "x".repeat(2_000_000);
      default -> Map.of("ok", true);
    };
  }

  @Test
  void waitsGrowUpToACapAndDifferByChance() {
    RetryPolicy policy = new RetryPolicy(10, Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.1);
    RetryRules rules = new RetryRules(10, Duration.ofMinutes(1), policy);
    assertThat(rules.backoff(1)).isBetween(Duration.ofMillis(900), Duration.ofMillis(1100));
    assertThat(rules.backoff(4)).isBetween(Duration.ofMillis(7200), Duration.ofMillis(8800));
    assertThat(rules.backoff(40)).isBetween(Duration.ofSeconds(54), Duration.ofSeconds(66));
  }
}
