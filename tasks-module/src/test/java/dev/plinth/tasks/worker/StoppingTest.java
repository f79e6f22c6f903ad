package dev.plinth.tasks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.queue.AttemptOutcome;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How attempts are stopped before their end. */
@PlinthTest(TasksModule.class)
@Timeout(120)
class StoppingTest {

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private Floor floor;
  private TestDatabase database;

  @BeforeEach
  void setUp(Plinth plinth, TestDatabase database, Organization acme, Member alice) {
    this.floor = new Floor(plinth, alice);
    this.database = database;
    floor.define(NewTaskDefinition.of("long"));
    floor.define(
        NewTaskDefinition.of("hasty")
            .timeout(Duration.ofMillis(100))
            .retry(Floor.SOON.attempts(2)));
  }

  private Host waiting() {
    TaskHandler waits =
        task -> {
          begun.countDown();
          never.await();
          return null;
        };
    return Host.start(database, worker -> worker.handler("long", waits).handler("hasty", waits));
  }

  @Test
  void whatTakesTooLongIsInterruptedAndTriedAgain() {
    UUID id = floor.enqueue(NewTask.of("hasty"));
    try (Host host = waiting()) {
      Task dead = floor.awaitEnd(id);
      assertThat(dead.status()).isEqualTo(TaskStatus.DEAD);
      assertThat(dead.failure().orElseThrow().type()).isEqualTo("TimedOut");
      assertThat(floor.outcomes(id))
          .containsExactly(AttemptOutcome.TIMED_OUT, AttemptOutcome.TIMED_OUT);
    }
  }

  @Test
  void aRunningTaskThatIsCancelledIsInterrupted() throws Exception {
    UUID id = floor.enqueue(NewTask.of("long"));
    try (Host host = waiting()) {
      begun.await();
      floor.cancel(id);
      assertThat(floor.awaitEnd(id).status()).isEqualTo(TaskStatus.CANCELLED);
      assertThat(floor.outcomes(id)).containsExactly(AttemptOutcome.CANCELLED);
    }
  }

  @Test
  void aHandlerThatNeitherAsksNorThrowsSucceedsThoughItWasCancelled() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    UUID id = floor.enqueue(NewTask.of("long"));
    TaskHandler deaf =
        task -> {
          begun.countDown();
          while (cancelled.getCount() > 0) {
            Thread.onSpinWait();
          }
          return "done all the same";
        };
    try (Host host = Host.start(database, worker -> worker.handler("long", deaf))) {
      begun.await();
      floor.cancel(id);
      cancelled.countDown();
      assertThat(floor.awaitEnd(id).status()).isEqualTo(TaskStatus.SUCCEEDED);
    }
  }

  @Test
  void whatIsNotBegunBeforeItsDeadlineIsDead() {
    UUID id = floor.enqueue(NewTask.of("long").deadline(Instant.now().plusMillis(300)));
    Eventually.is("late", () -> Instant.now().isAfter(floor.get(id).deadline().orElseThrow()));
    try (Host host = waiting()) {
      Task dead = floor.awaitEnd(id);
      assertThat(dead.status()).isEqualTo(TaskStatus.DEAD);
      assertThat(dead.failure().orElseThrow().type()).isEqualTo("DeadlinePassed");
    }
  }
}
