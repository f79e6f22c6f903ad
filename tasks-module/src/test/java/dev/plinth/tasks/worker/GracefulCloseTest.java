package dev.plinth.tasks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.RetryPolicy;
import dev.plinth.tasks.queue.AttemptOutcome;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.TaskAttempt;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host that closes in the middle of its work leaves it to others, as if it had not begun. */
@PlinthTest(TasksModule.class)
@Timeout(120)
class GracefulCloseTest {

  private static final int TASKS = 2_000;
  private static final int CONCURRENCY = 4;

  /** Much longer than a test waits: nobody gets these tasks because a lease ran out. */
  private static final Duration TAKEOVER = Duration.ofMinutes(10);

  private Floor floor;
  private TestDatabase database;

  @BeforeEach
  void setUp(Plinth plinth, TestDatabase database, Organization acme, Member alice) {
    this.floor = new Floor(plinth, alice);
    this.database = database;
    floor.define(NewTaskDefinition.of("work").retry(RetryPolicy.never()));
  }

  @Test
  void underLoadNothingIsLostAndNoAttemptIsBurned() {
    List<UUID> ids = floor.enqueueAll(Collections.nCopies(TASKS, NewTask.of("work")));
    AtomicInteger begun = new AtomicInteger();
    try (Host host = host(task -> brief(begun))) {
      Eventually.is("in the middle", () -> begun.get() > TASKS / 4);
    }
    assertThat(floor.count(TaskStatus.RUNNING)).isZero();
    assertThat(floor.count(TaskStatus.PENDING)).isPositive();

    try (Host other = host(task -> brief(begun))) {
      Eventually.is("all done", () -> floor.count(TaskStatus.PENDING) == 0 && idle());
    }

    assertThat(floor.count(TaskStatus.SUCCEEDED)).isEqualTo(ids.size());
    assertThat(begun.get()).isEqualTo(TASKS);
    assertThat(ids.stream().limit(TASKS / 10).map(floor::get)).allMatch(t -> t.attempt() == 1);
  }

  private boolean idle() {
    return floor.count(TaskStatus.RUNNING) == 0;
  }

  private static Object brief(AtomicInteger begun) throws InterruptedException {
    begun.incrementAndGet();
    TimeUnit.MILLISECONDS.sleep(2);
    return true;
  }

  @Test
  void whatRunsIsInterruptedGivenBackAndDoneElsewhereAtOnce() throws Exception {
    CountDownLatch begun = new CountDownLatch(CONCURRENCY);
    CountDownLatch never = new CountDownLatch(1);
    List<UUID> ids = floor.enqueueAll(Collections.nCopies(CONCURRENCY, NewTask.of("work")));
    Host closing = host(task -> waiting(begun, never));
    begun.await();
    try (Host other = host(task -> "elsewhere")) {
      closing.close();

      for (UUID id : ids) {
        Task done = floor.awaitEnd(id);
        assertThat(done.output()).contains("elsewhere");
        assertThat(done.attempt()).isEqualTo(1);
        assertReleasedAndDone(id, other);
      }
    }
  }

  private void assertReleasedAndDone(UUID id, Host other) {
    List<TaskAttempt> attempts = floor.attempts(id);
    assertThat(attempts)
        .extracting(TaskAttempt::outcome)
        .containsExactlyInAnyOrder(AttemptOutcome.RELEASED, AttemptOutcome.SUCCEEDED);
    assertThat(attempts)
        .filteredOn(attempt -> attempt.outcome() == AttemptOutcome.SUCCEEDED)
        .allMatch(attempt -> attempt.worker().equals(other.worker().name()));
  }

  private static Object waiting(CountDownLatch begun, CountDownLatch never)
      throws InterruptedException {
    begun.countDown();
    never.await();
    return "here";
  }

  @Test
  void aHandlerThatHeedsNothingIsLeftAloneAndWritesNothing() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    UUID id = floor.enqueue(NewTask.of("work"));
    Host closing = host(task -> deaf(begun, released));
    begun.await();

    closing.close();

    Task given = floor.get(id);
    assertThat(given.status()).isEqualTo(TaskStatus.PENDING);
    assertThat(given.attempt()).isZero();
    released.countDown();
    try (Host other = host(task -> "elsewhere")) {
      assertThat(floor.awaitEnd(id).output()).contains("elsewhere");
      assertReleasedAndDone(id, other);
    }
  }

  private static Object deaf(CountDownLatch begun, CountDownLatch released) {
    begun.countDown();
    while (released.getCount() > 0) {
      Thread.onSpinWait();
    }
    return "here";
  }

  private Host host(TaskHandler handler) {
    return Host.start(
        database,
        worker -> worker.concurrency(CONCURRENCY).takeover(TAKEOVER).handler("work", handler));
  }
}
