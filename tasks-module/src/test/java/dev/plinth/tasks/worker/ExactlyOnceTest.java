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
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a handler does in the transaction that completes its task. */
@PlinthTest(TasksModule.class)
@Timeout(120)
class ExactlyOnceTest {

  private Floor floor;
  private TestDatabase database;

  @BeforeEach
  void setUp(Plinth plinth, TestDatabase database, Organization acme, Member alice)
      throws SQLException {
    this.floor = new Floor(plinth, alice);
    this.database = database;
    floor.define(NewTaskDefinition.of("ship").retry(Floor.SOON));
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS public.shipments (task uuid)");
      statement.execute("GRANT ALL ON public.shipments TO PUBLIC");
    }
  }

  private int shipments(UUID task) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        var row =
            statement.executeQuery("SELECT count(*) FROM shipments WHERE task = '" + task + "'")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static Object ship(TaskContext task) {
    return task.inTransaction(
        tx -> {
          tx.asHost(dsl -> dsl.execute("INSERT INTO shipments VALUES (?)", task.taskId()));
          return Map.of("shipped", true);
        });
  }

  @Test
  void theHandlersWritesAreCommittedWithTheEndOfTheTask() throws SQLException {
    UUID id = floor.enqueue(NewTask.of("ship"));
    try (Host host =
        Host.start(database, worker -> worker.handler("ship", ExactlyOnceTest::ship))) {
      Task done = floor.awaitEnd(id);
      assertThat(done.status()).isEqualTo(TaskStatus.SUCCEEDED);
      assertThat(done.output()).contains(Map.of("shipped", true));
      assertThat(shipments(id)).isEqualTo(1);
    }
  }

  @Test
  void whatTheHandlerThrowsAfterwardsChangesNothing() throws SQLException {
    UUID id = floor.enqueue(NewTask.of("ship"));
    TaskHandler handler =
        task -> {
          ship(task);
          throw new IllegalStateException("too late");
        };
    try (Host host = Host.start(database, worker -> worker.handler("ship", handler))) {
      assertThat(floor.awaitEnd(id).status()).isEqualTo(TaskStatus.SUCCEEDED);
      assertThat(shipments(id)).isEqualTo(1);
      assertThat(floor.outcomes(id)).containsExactly(AttemptOutcome.SUCCEEDED);
    }
  }

  @Test
  void whatFailsInTheTransactionIsUndoneAndTriedAgain() throws SQLException {
    UUID id = floor.enqueue(NewTask.of("ship"));
    TaskHandler handler =
        task ->
            task.inTransaction(
                tx -> {
                  tx.asHost(dsl -> dsl.execute("INSERT INTO shipments VALUES (?)", task.taskId()));
                  if (task.attempt() == 1) {
                    throw new IllegalStateException("once");
                  }
                  return "done";
                });
    try (Host host = Host.start(database, worker -> worker.handler("ship", handler))) {
      assertThat(floor.awaitEnd(id).status()).isEqualTo(TaskStatus.SUCCEEDED);
      assertThat(floor.get(id).attempt()).isEqualTo(2);
      assertThat(shipments(id)).isEqualTo(1);
    }
  }

  @Test
  void whoLostTheLeaseCommitsNothing() throws SQLException {
    UUID id = floor.enqueue(NewTask.of("ship"));
    TaskHandler handler =
        task ->
            task.inTransaction(
                tx -> {
                  tx.asHost(dsl -> dsl.execute("INSERT INTO shipments VALUES (?)", task.taskId()));
                  if (task.attempt() == 1) {
                    takeAway(task.taskId());
                  }
                  return "done";
                });
    try (Host host = Host.start(database, worker -> worker.handler("ship", handler))) {
      assertThat(floor.awaitEnd(id).status()).isEqualTo(TaskStatus.SUCCEEDED);
      assertThat(shipments(id)).isEqualTo(1);
      assertThat(floor.outcomes(id)).containsExactly(AttemptOutcome.SUCCEEDED);
      assertThat(floor.get(id).attempt()).isEqualTo(2);
    }
  }

  /** As another worker does it, when the lease of this one ran out. */
  private void takeAway(UUID task) {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE plinth_tasks.tasks SET status = 'pending', lease_token = NULL, lease_worker = NULL,"
              + " lease_until = NULL WHERE id = '"
              + task
              + "'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
