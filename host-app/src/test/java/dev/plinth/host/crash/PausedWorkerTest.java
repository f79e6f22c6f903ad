package dev.plinth.host.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A worker that stood still, as in a long garbage collection or a machine that is moved, until
 * another took over: it is still there, holds what it held, and may write nothing of it.
 */
@PlinthTest(TasksModule.class)
@Timeout(120)
class PausedWorkerTest {

  private static final Duration TAKEOVER = Duration.ofSeconds(2);
  private static final List<String> ENDS = List.of("complete", "fail", "log", "commit");

  private static final String STATE =
      """
      SELECT concat_ws(E'\\n',
        (SELECT string_agg(t::text, E'\\n' ORDER BY t.id) FROM plinth_tasks.tasks t
         JOIN plinth_tasks.task_definitions d ON d.id = t.definition_id AND d.name = 'late'),
        (SELECT string_agg(a::text, E'\\n' ORDER BY a.id) FROM plinth_tasks.task_attempts a
         JOIN plinth_tasks.task_definitions d ON d.id = a.definition_id AND d.name = 'late'),
        (SELECT string_agg(l::text, E'\\n' ORDER BY l.id) FROM plinth_tasks.task_execution_logs l),
        (SELECT string_agg(e::text, E'\\n') FROM public.effects e),
        (SELECT string_agg(n.title, E'\\n' ORDER BY n.id) FROM plinth_base.notifications n))
      """;

  @Test
  void neitherCompletesNorFailsNorLogsNorCommits(
      Plinth plinth, TasksModule tasks, TestDatabase database, Organization acme, Member alice)
      throws Exception {
    Effects effects = new Effects(database.superuser());
    enqueueLate(plinth, tasks, alice);
    try (WorkerProcess paused = WorkerProcess.start("paused", database.hostUrl(), TAKEOVER)) {
      paused.awaitBegun(ENDS.size());
      paused.pause();
      try (WorkerProcess other = WorkerProcess.start("other", database.hostUrl(), TAKEOVER)) {
        Eventually.is("taken over", effects::allDone);
      }
      assertTakenOver(effects);
      String before = state(database);

      paused.open(ENDS.size());
      paused.goOn();

      ENDS.forEach(end -> paused.await("ended " + end));
      // What it writes, it writes in order: when this is written, the others would be.
      plinth.as(alice).run(tx -> tasks.tasks().enqueue(tx, NewTask.of("brief")));
      Eventually.is("goes on with what it may", effects::allDone);
      assertThat(state(database)).isEqualTo(before);
    }
  }

  private static void enqueueLate(Plinth plinth, TasksModule tasks, Member alice) {
    String user = alice.userId().toString();
    NewTaskDefinition brief = NewTaskDefinition.of("brief").defaultInput(Map.of("millis", 1));
    plinth
        .as(alice)
        .run(
            tx -> {
              tasks.taskDefinitions().define(tx, NewTaskDefinition.of("late"));
              tasks.taskDefinitions().define(tx, brief);
              for (String end : ENDS) {
                Map<String, Object> input = Map.of("end", end, "user", user);
                tasks.tasks().enqueue(tx, NewTask.of("late").input(input));
              }
            });
  }

  private static void assertTakenOver(Effects effects) {
    String attempts = "SELECT count(*) FROM plinth_tasks.task_attempts WHERE worker = '%s'";
    String lost = attempts.formatted("paused") + " AND attempt = 1 AND outcome = 'lost'";
    String done = attempts.formatted("other") + " AND attempt = 2 AND outcome = 'succeeded'";
    assertThat(effects.count(lost)).isEqualTo(ENDS.size());
    assertThat(effects.count(done)).isEqualTo(ENDS.size());
    assertThat(effects.count("SELECT count(*) FROM public.effects")).isEqualTo(1);
  }

  private static String state(TestDatabase database) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(STATE)) {
      row.next();
      return row.getString(1);
    }
  }
}
