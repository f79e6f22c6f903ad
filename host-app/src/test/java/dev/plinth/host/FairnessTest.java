package dev.plinth.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.host.crash.WorkerProcess;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.TaskAttempt;
import dev.plinth.tasks.queue.TaskFilter;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three worker processes, and an organization that floods them. */
@PlinthTest(TasksModule.class)
@Timeout(300)
class FairnessTest {

  private static final Duration TAKEOVER = Duration.ofSeconds(30);

  /** Hours of work for one thread: it lasts longer than the test. */
  private static final int FLOOD = 100_000;

  private static final int SINGLES = 50;

  /**
   * Of everything that is in front of a task: what was claimed ahead of it is worth fifty
   * milliseconds of work, and the rest is for a machine that has to do something else.
   */
  private static final Duration BOUND = Duration.ofSeconds(2);

  @Test
  void anothersTasksBeginAllTheSame(
      Plinth plinth,
      TasksModule tasks,
      TestDatabase database,
      Organization acme,
      Member alice,
      Organization globex,
      Member bob) {
    define(plinth, tasks, alice);
    define(plinth, tasks, bob);
    List<NewTask> flood = Collections.nCopies(FLOOD, NewTask.of("brief"));
    plinth.as(alice).run(tx -> tasks.tasks().enqueueAll(tx, flood));
    List<Duration> waited = new ArrayList<>();
    try (WorkerProcess first = WorkerProcess.start("first", database.hostUrl(), TAKEOVER);
        WorkerProcess second = WorkerProcess.start("second", database.hostUrl(), TAKEOVER);
        WorkerProcess third = WorkerProcess.start("third", database.hostUrl(), TAKEOVER)) {
      List.of(first, second, third).forEach(worker -> worker.await("started"));
      Eventually.is("under water", () -> flooded(plinth, tasks, alice));
      for (int i = 0; i < SINGLES; i++) {
        waited.add(waited(plinth, tasks, bob));
      }
      assertThat(waiting(plinth, tasks, alice)).as("the flood goes on").isTrue();
    }

    Collections.sort(waited);
    System.out.printf(
        "FairnessTest: beside a flood tasks began after %d ms (median), %d ms (slowest)%n",
        waited.get(SINGLES / 2).toMillis(), waited.get(SINGLES - 1).toMillis());
    assertThat(waited.get(SINGLES - 1)).isLessThan(BOUND);
  }

  private static void define(Plinth plinth, TasksModule tasks, Member member) {
    NewTaskDefinition brief = NewTaskDefinition.of("brief").defaultInput(Map.of("millis", 5));
    plinth.as(member).run(tx -> tasks.taskDefinitions().define(tx, brief));
  }

  private static boolean flooded(Plinth plinth, TasksModule tasks, Member alice) {
    return !plinth
        .as(alice)
        .read(tx -> tasks.tasks().list(tx, status(TaskStatus.RUNNING), PageRequest.first(1)))
        .items()
        .isEmpty();
  }

  private static boolean waiting(Plinth plinth, TasksModule tasks, Member alice) {
    return !plinth
        .as(alice)
        .read(tx -> tasks.tasks().list(tx, status(TaskStatus.PENDING), PageRequest.first(1)))
        .items()
        .isEmpty();
  }

  private static TaskFilter status(TaskStatus status) {
    return TaskFilter.all().status(status);
  }

  /** From enqueueing until its handler was called, by the database's clock. */
  private static Duration waited(Plinth plinth, TasksModule tasks, Member bob) {
    UUID id = plinth.as(bob).call(tx -> tasks.tasks().enqueue(tx, NewTask.of("brief"))).id();
    Eventually.is("done", () -> !attempts(plinth, tasks, bob, id).isEmpty());
    TaskAttempt attempt = attempts(plinth, tasks, bob, id).get(0);
    return Duration.between(attempt.readyAt(), attempt.startedAt());
  }

  private static List<TaskAttempt> attempts(
      Plinth plinth, TasksModule tasks, Member bob, UUID task) {
    return plinth
        .as(bob)
        .read(tx -> tasks.tasks().attempts(tx, task, PageRequest.first(1)))
        .items();
  }
}
