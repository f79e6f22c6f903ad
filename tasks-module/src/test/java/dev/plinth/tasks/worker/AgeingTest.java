package dev.plinth.tasks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.sql.Priority;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is urgent comes first, but what waits long enough comes before it. */
@PlinthTest(TasksModule.class)
@Timeout(120)
class AgeingTest {

  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  /** Critical is three levels above low, and each is worth five minutes. */
  private static final int HEAD_START_MINUTES = 15;

  /** More than a worker of one thread claims ahead: some always wait. */
  private static final int STOCK = 6;

  private static final String LOW = "low";
  private static final String CRITICAL = "critical";

  private final List<String> done = Collections.synchronizedList(new ArrayList<>());
  private Plinth plinth;
  private Tasks tasks;
  private SettableClock clock;
  private TestDatabase database;
  private Member alice;

  @BeforeEach
  void define(
      Plinth plinth,
      TaskDefinitions definitions,
      Tasks tasks,
      SettableClock clock,
      TestDatabase database,
      Organization organization,
      Member alice) {
    this.plinth = plinth;
    this.tasks = tasks;
    this.clock = clock;
    this.database = database;
    this.alice = alice;
    clock.freezeAt(NOON);
    plinth.as(alice).run(tx -> definitions.define(tx, NewTaskDefinition.of("work")));
  }

  @AfterEach
  void reset() {
    clock.reset();
  }

  @Test
  void aStreamOfCriticalTasksHoldsALowOneUpForItsHeadStartAndNoLonger() {
    enqueue(LOW, Priority.LOW);
    for (int i = 0; i < STOCK; i++) {
      enqueue(CRITICAL, Priority.CRITICAL);
    }

    try (Host host = Host.start(database, clock, this::oneByOne)) {
      Eventually.is("the low one is done", () -> done.contains(LOW));
    }

    // Each minute one more comes, so those of the head start and of the stock are done before.
    assertThat(done.indexOf(LOW)).isBetween(HEAD_START_MINUTES, HEAD_START_MINUTES + STOCK + 1);
  }

  /** One at a time, and few claimed ahead: each one done brings another, a minute later. */
  private WorkerBuilder oneByOne(WorkerBuilder worker) {
    return worker
        .concurrency(1)
        .batchSize(1)
        .handler(
            "work",
            task -> {
              String kind = String.valueOf(task.input().get("kind"));
              if (kind.equals(CRITICAL) && done.size() < 3 * HEAD_START_MINUTES) {
                clock.advance(Duration.ofMinutes(1));
                enqueue(CRITICAL, Priority.CRITICAL);
              }
              done.add(kind);
              return null;
            });
  }

  private void enqueue(String kind, Priority priority) {
    NewTask task = NewTask.of("work").input(Map.of("kind", kind)).priority(priority);
    plinth.as(alice).run(tx -> tasks.enqueue(tx, task));
  }
}
