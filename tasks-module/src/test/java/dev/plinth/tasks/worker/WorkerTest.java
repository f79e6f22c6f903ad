package dev.plinth.tasks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.queue.AttemptOutcome;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.TaskAttempt;
import dev.plinth.tasks.queue.TaskLogLine;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker does with tasks, and what a handler is given. */
@PlinthTest(TasksModule.class)
@Timeout(120)
class WorkerTest {

  record Doubling(int number) {}

  private Floor floor;
  private TestDatabase database;

  @BeforeEach
  void setUp(Plinth plinth, TestDatabase database, Organization acme, Member alice) {
    this.floor = new Floor(plinth, alice);
    this.database = database;
    floor.define(NewTaskDefinition.of("double"));
  }

  @Test
  void doesATaskAndKeepsWhatItCameTo() {
    UUID id = floor.enqueue(NewTask.of("double").input(Map.of("number", 21)));
    try (Host host =
        Host.start(
            database,
            worker ->
                worker.handler(
                    "double", task -> Map.of("result", 2 * task.input(Doubling.class).number())))) {
      Task done = floor.awaitEnd(id);
      assertThat(done.status()).isEqualTo(TaskStatus.SUCCEEDED);
      assertThat(done.output()).contains(Map.of("result", 42));
      assertThat(done.lease()).isEmpty();
      assertThat(floor.attempts(id))
          .singleElement()
          .satisfies(
              attempt -> {
                assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.SUCCEEDED);
                assertThat(attempt.worker()).isEqualTo(host.worker().name());
                assertThat(attempt.startedAt()).isBeforeOrEqualTo(attempt.finishedAt());
              });
    }
  }

  @Test
  void doesThousandsEachOnce() {
    int count = 3000;
    List<NewTask> many =
        IntStream.range(0, count)
            .mapToObj(number -> NewTask.of("double").input(Map.of("number", number)))
            .toList();
    floor.enqueueAll(many);
    List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
    try (Host host =
        Host.start(
            database,
            worker ->
                worker.handler("double", task -> seen.add(task.input(Doubling.class).number())))) {
      Eventually.is("all ended", () -> floor.count(TaskStatus.SUCCEEDED) == count);
      assertThat(seen).hasSize(count).doesNotHaveDuplicates();
    }
  }

  @Test
  void isWokenByWhoEnqueues() {
    try (Host host =
        Host.start(
            database,
            worker -> worker.polling(Duration.ofHours(1)).handler("double", task -> null))) {
      UUID first = floor.enqueue(NewTask.of("double"));
      floor.awaitEnd(first);
      UUID second = floor.enqueue(NewTask.of("double"));
      assertThat(floor.awaitEnd(second).status()).isEqualTo(TaskStatus.SUCCEEDED);
    }
  }

  @Test
  void linesAmountsAndProgressAreSeenWhileItWorksAndAfterwards(Plinth plinth, Tasks tasks) {
    CountDownLatch seen = new CountDownLatch(1);
    UUID id = floor.enqueue(NewTask.of("double"));
    try (Host host =
        Host.start(
            database,
            worker ->
                worker.handler(
                    "double",
                    task -> {
                      task.log().info("begun");
                      task.progress(40, "halfway or so");
                      seen.await();
                      task.log().warn("done");
                      task.usage().addRows(7);
                      task.usage().addTokens(1200);
                      task.usage().addCost(new BigDecimal("0.25"));
                      return null;
                    }))) {
      Eventually.is("progress", () -> floor.get(id).progress().isPresent());
      Eventually.is("a line", () -> !floor.lines(id).isEmpty());
      assertThat(floor.get(id).progress().orElseThrow().message()).contains("halfway or so");
      seen.countDown();
      floor.awaitEnd(id);
      assertThat(floor.lines(id))
          .extracting(TaskLogLine::message)
          .containsExactlyInAnyOrder("begun", "done");
      assertThat(
              plinth
                  .as(floor.member())
                  .read(tx -> tasks.usage(tx, id, PageRequest.first(10)))
                  .items())
          .singleElement()
          .satisfies(
              usage -> {
                assertThat(usage.rows()).isEqualTo(7);
                assertThat(usage.tokens()).isEqualTo(1200);
                assertThat(usage.cost()).isEqualByComparingTo("0.25");
              });
    }
  }

  @Test
  void howFarItWasIsSeenWhenItHasEnded() {
    UUID done = floor.enqueue(NewTask.of("double").input(Map.of("how", "returns")));
    UUID dead = floor.enqueue(NewTask.of("double").input(Map.of("how", "throws")));
    UUID committed = floor.enqueue(NewTask.of("double").input(Map.of("how", "commits")));
    try (Host host =
        Host.start(
            database,
            worker ->
                worker.handler(
                    "double",
                    task -> {
                      String how = String.valueOf(task.input().get("how"));
                      task.progress(99, "nearly: " + how);
                      if (how.equals("throws")) {
                        throw new PermanentFailureException("no more");
                      }
                      return how.equals("commits") ? task.inTransaction(tx -> Map.of()) : Map.of();
                    }))) {
      assertThat(floor.awaitEnd(done).progress().orElseThrow().message())
          .contains("nearly: returns");
      assertThat(floor.awaitEnd(dead).progress().orElseThrow().message())
          .contains("nearly: throws");
      assertThat(floor.awaitEnd(committed).progress().orElseThrow().message())
          .contains("nearly: commits");
      assertThat(floor.get(dead).status()).isEqualTo(TaskStatus.DEAD);
    }
  }

  @Test
  void aTaskWhoseHandlerNobodyKnowsIsKeptReportedAndTakenUpByWhoDoes() {
    floor.define(NewTaskDefinition.of("newer").handler("newer-handler"));
    UUID id = floor.enqueue(NewTask.of("newer"));
    try (Host older = Host.start(database, worker -> worker.handler("double", task -> null))) {
      Eventually.is("put aside", () -> floor.get(id).unhandledAt().isPresent());
      assertThat(floor.get(id).status()).isEqualTo(TaskStatus.PENDING);
      assertThat(floor.get(id).attempt()).isZero();
      assertThat(floor.attempts(id)).isEmpty();
      try (Host newer =
          Host.start(database, worker -> worker.handler("newer-handler", task -> null))) {
        assertThat(floor.awaitEnd(id).status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(floor.get(id).unhandledAt()).isEmpty();
        assertThat(floor.attempts(id))
            .extracting(TaskAttempt::worker)
            .containsExactly(newer.worker().name());
      }
    }
  }
}
