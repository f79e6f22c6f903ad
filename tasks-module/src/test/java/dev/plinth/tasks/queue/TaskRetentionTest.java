package dev.plinth.tasks.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.workflow.NewDependency;
import dev.plinth.tasks.workflow.TaskDependencies;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PlinthTest(TasksModule.class)
class TaskRetentionTest {

  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  private Plinth plinth;
  private Tasks tasks;
  private SettableClock clock;
  private TestDatabase database;
  private Member alice;

  @BeforeEach
  void define(
      Plinth plinth,
      TasksModule module,
      TaskDefinitions definitions,
      SettableClock clock,
      TestDatabase database,
      Organization acme,
      Member alice) {
    this.plinth = plinth;
    this.tasks = module.tasks();
    this.clock = clock;
    this.database = database;
    this.alice = alice;
    plinth.as(alice).run(tx -> definitions.define(tx, NewTaskDefinition.of("mail")));
  }

  @AfterEach
  void reset() {
    clock.reset();
  }

  @Test
  void whatEndedLongAgoGoesAndTheRestStays() throws SQLException {
    clock.freezeAt(NOON);
    List<UUID> ids = enqueue(7);
    depend(ids.get(0), ids.get(1));
    depend(ids.get(4), ids.get(6));
    end(ids.get(0), "succeeded", NOON.plusSeconds(1));
    end(ids.get(1), "cancelled", NOON.plusSeconds(1));
    end(ids.get(2), "succeeded", NOON.plus(Duration.ofDays(2)));
    end(ids.get(3), "dead", NOON.plusSeconds(1));
    end(ids.get(4), "succeeded", NOON.plusSeconds(1));

    clock.freezeAt(NOON.plus(TaskRetention.FINISHED).plusSeconds(2));
    plinth.jobs().runNow("tasks.task-retention");
    assertThat(there(ids)).containsExactlyElementsOf(ids.subList(2, 7));

    clock.freezeAt(NOON.plus(TaskRetention.DEAD).plusSeconds(2));
    plinth.jobs().runNow("tasks.task-retention");
    assertThat(there(ids)).containsExactlyElementsOf(ids.subList(4, 7));
  }

  @Test
  void moreThanABatchGoesInOneRunPastWhatStays() throws SQLException {
    clock.freezeAt(NOON);
    List<UUID> ids = new ArrayList<>(enqueue(6_000));
    List<UUID> last = enqueue(5_000);
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE plinth_tasks.tasks SET status = 'succeeded', finished_at = '"
              + NOON
              + "'"
              + " WHERE id >= '"
              + last.get(0)
              + "'");
    }

    clock.freezeAt(NOON.plus(TaskRetention.FINISHED).plusSeconds(2));
    plinth.jobs().runNow("tasks.task-retention");

    assertThat(there(last)).isEmpty();
    assertThat(there(ids)).hasSize(6_000);
  }

  private void depend(UUID predecessor, UUID successor) {
    plinth
        .as(alice)
        .run(tx -> new TaskDependencies().add(tx, NewDependency.of(predecessor, successor)));
  }

  private List<UUID> enqueue(int number) {
    List<NewTask> many = IntStream.range(0, number).mapToObj(i -> NewTask.of("mail")).toList();
    return plinth.as(alice).call(tx -> tasks.enqueueAll(tx, many));
  }

  private List<UUID> there(List<UUID> ids) {
    return plinth
        .as(alice)
        .read(
            tx ->
                tx.dsl()
                    .fetch(
                        "SELECT id FROM plinth_tasks.tasks WHERE organization_id = ? AND id IN (SELECT unnest(?))"
                            + " ORDER BY id",
                        tx.organizationId(),
                        ids.toArray(UUID[]::new))
                    .getValues(0, UUID.class));
  }

  private void end(UUID task, String status, Instant time) throws SQLException {
    set(task, "status = '" + status + "', finished_at = '" + time + "'");
  }

  private void set(UUID task, String assignments) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE plinth_tasks.tasks SET " + assignments + " WHERE id = '" + task + "'");
    }
  }
}
