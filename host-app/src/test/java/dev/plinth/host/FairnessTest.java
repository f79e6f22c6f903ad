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
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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

  /** Of ten milliseconds each: with 24 threads it lasts longer than the test looks. */
  private static final int FLOOD = 30_000;

  private static final int SINGLES = 20;

  /**
   * What is in front of a task when it is enqueued: in each process what runs, and what was claimed
   * ahead, which is worth fifty milliseconds of work; and what others do while it is claimed.
   */
  private static final int BOUND = 1_000;

  /** On two processors that do other things too; of a queue in turn it would be the whole flood. */
  private static final Duration LONGEST = Duration.ofSeconds(5);

  /** How many attempts of the flood began while another's task waited. */
  private static final String BEFORE =
      """
      SELECT count(f.id) FROM plinth_tasks.task_attempts a
      LEFT JOIN plinth_tasks.task_attempts f
        ON f.organization_id <> a.organization_id AND f.started_at > a.ready_at AND f.started_at < a.started_at
      WHERE a.organization_id = ? GROUP BY a.id ORDER BY 1 DESC
      """;

  @Test
  void anothersTasksBeginAllTheSame(
      Plinth plinth,
      TasksModule tasks,
      TestDatabase database,
      Organization acme,
      Member alice,
      Organization globex,
      Member bob)
      throws SQLException {
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

    long most = mostBefore(database, globex);
    Collections.sort(waited);
    System.out.printf(
        "FairnessTest: beside a flood tasks began after %d ms (median), %d ms (slowest),"
            + " and after %d of the flood at most%n",
        waited.get(SINGLES / 2).toMillis(), waited.get(SINGLES - 1).toMillis(), most);
    assertThat(most).isLessThan(BOUND);
    assertThat(waited.get(SINGLES - 1)).isLessThan(LONGEST);
  }

  private static long mostBefore(TestDatabase database, Organization organization)
      throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        PreparedStatement statement = connection.prepareStatement(BEFORE)) {
      statement.setObject(1, organization.id());
      ResultSet row = statement.executeQuery();
      row.next();
      return row.getLong(1);
    }
  }

  private static void define(Plinth plinth, TasksModule tasks, Member member) {
    NewTaskDefinition brief = NewTaskDefinition.of("brief").defaultInput(Map.of("millis", 10));
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
