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
import dev.plinth.tasks.queue.TaskLogLine;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a handler does wrong has a name, and harms no other task of the same worker. */
@PlinthTest(TasksModule.class)
@Timeout(120)
class MisbehavingHandlerTest {

  /** What comes of it, and of which type the failure is. */
  enum Wrong {
    THROWS("java.lang.IllegalStateException") {
      @Override
      Object act(TaskContext task) {
        throw new IllegalStateException("a \0 in the message");
      }
    },
    THROWS_WHAT_THROWS("dev.plinth.tasks.worker.MisbehavingHandlerTest$Hostile") {
      @Override
      Object act(TaskContext task) {
        throw new Hostile();
      }
    },
    OVERFLOWS("java.lang.StackOverflowError") {
      @Override
      Object act(TaskContext task) {
        throw new StackOverflowError();
      }
    },
    COMMITS_THE_CHARACTER_ZERO("dev.plinth.base.error.ConstraintViolationException") {
      @Override
      Object act(TaskContext task) {
        return task.inTransaction(tx -> Map.of("text", "a\0b"));
      }
    },
    COMMITS_A_CYCLE("dev.plinth.tasks.worker.PermanentFailureException") {
      @Override
      Object act(TaskContext task) {
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);
        return task.inTransaction(tx -> cycle);
      }
    };

    private final String failure;

    Wrong(String failure) {
      this.failure = failure;
    }

    abstract @Nullable Object act(TaskContext task);
  }

  /** Throws when it is asked what it says. */
  private static final class Hostile extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new UnsupportedOperationException();
    }
  }

  private Floor floor;
  private TestDatabase database;

  @BeforeEach
  void setUp(Plinth plinth, TestDatabase database, Organization acme, Member alice) {
    this.floor = new Floor(plinth, alice);
    this.database = database;
    floor.define(NewTaskDefinition.of("good"));
    floor.define(NewTaskDefinition.of("wrong").retry(RetryPolicy.never()));
    floor.define(
        NewTaskDefinition.of("hangs").timeout(Duration.ofMillis(200)).retry(RetryPolicy.never()));
  }

  @ParameterizedTest
  @EnumSource
  void isDeadWithItsFailureAndTheOthersAreDone(Wrong wrong) {
    List<UUID> ids =
        floor.enqueueAll(List.of(NewTask.of("good"), NewTask.of("wrong"), NewTask.of("good")));

    try (Host host = oneThread(task -> wrong.act(task))) {
      assertThat(floor.awaitEnd(ids.get(0)).output()).contains("good");
      Task dead = floor.awaitEnd(ids.get(1));
      assertThat(dead.status()).isEqualTo(TaskStatus.DEAD);
      assertThat(dead.failure().orElseThrow().type()).isEqualTo(wrong.failure);
      assertThat(floor.outcomes(ids.get(1))).containsExactly(AttemptOutcome.FAILED);
      assertThat(floor.awaitEnd(ids.get(2)).output()).contains("good");
    }
  }

  /** JSON has no such numbers: as Jackson has it, they are text. */
  @Test
  void numbersThatJsonDoesNotHaveAreText() {
    UUID id = floor.enqueue(NewTask.of("wrong"));
    try (Host host = oneThread(task -> Map.of("ratio", Double.NaN))) {
      assertThat(floor.awaitEnd(id).output()).contains(Map.of("ratio", "NaN"));
    }
  }

  @Test
  void aHandlerThatHeedsNoInterruptGivesItsPlaceToAnother() {
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger abandoned = new AtomicInteger();
    UUID hanging = floor.enqueue(NewTask.of("hangs"));
    UUID good = floor.enqueue(NewTask.of("good"));
    TaskTelemetry telemetry =
        new TaskTelemetry() {
          @Override
          public void handlerAbandoned(String definition) {
            abandoned.incrementAndGet();
          }
        };

    try (Host host =
        Host.start(
            database,
            worker ->
                worker
                    .concurrency(1)
                    .telemetry(telemetry)
                    .handler("good", task -> "good")
                    .handler("hangs", task -> hang(released)))) {
      assertThat(floor.awaitEnd(hanging).failure().orElseThrow().type()).isEqualTo("TimedOut");
      assertThat(floor.awaitEnd(good).output()).contains("good");
      assertThat(abandoned.get()).isEqualTo(1);

      released.countDown();

      UUID later = floor.enqueue(NewTask.of("good"));
      assertThat(floor.awaitEnd(later).output()).contains("good");
      assertThat(floor.outcomes(hanging)).containsExactly(AttemptOutcome.TIMED_OUT);
    }
  }

  private static @Nullable Object hang(CountDownLatch released) {
    while (released.getCount() > 0) {
      try {
        released.await();
      } catch (InterruptedException e) {
        // Goes on: that is what is wrong with it.
      }
    }
    return "too late";
  }

  @Test
  void ofAHundredMegabytesOfLogTheFirstIsKeptAndTheRestIsCounted() {
    int lines = 25_000;
    UUID id = floor.enqueue(NewTask.of("wrong"));
    String line = "x".repeat(TaskLog.MESSAGE_LENGTH);

    try (Host host = oneThread(task -> log(task, line, lines))) {
      assertThat(floor.awaitEnd(id).status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    int kept = TaskLog.MAX_CHARACTERS / TaskLog.MESSAGE_LENGTH;
    List<TaskLogLine> stored = floor.lines(id);
    assertThat(stored).hasSize(kept + 1);
    assertThat(stored.get(0).message()).isEqualTo(line);
    assertThat(stored.get(kept).message()).startsWith((lines - kept) + " lines were left out");
  }

  private static Object log(TaskContext task, String line, int lines) {
    for (int i = 0; i < lines; i++) {
      task.log().info(line);
    }
    return "done";
  }

  private Host oneThread(TaskHandler wrong) {
    return Host.start(
        database,
        worker -> worker.concurrency(1).handler("good", task -> "good").handler("wrong", wrong));
  }
}
