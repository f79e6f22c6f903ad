package dev.plinth.tasks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.schedule.NewTaskSchedule;
import dev.plinth.tasks.schedule.Recurrence;
import dev.plinth.tasks.schedule.TaskSchedules;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Schedules, where workers run. */
@PlinthTest(TasksModule.class)
@Timeout(90)
class ScheduledWorkTest {

  @Test
  void workersDoWhatIsDueThoughTheyRarelyLook(
      Plinth plinth,
      TaskDefinitions definitions,
      TaskSchedules schedules,
      TestDatabase database,
      Organization acme,
      Member alice) {
    Queue<String> instants = new ConcurrentLinkedQueue<>();
    plinth
        .as(alice)
        .run(
            tx -> {
              definitions.define(tx, NewTaskDefinition.of("tick"));
              schedules.create(
                  tx,
                  NewTaskSchedule.of("tick", "tick", Recurrence.of("* * * * * *", "UTC"))
                      .instantAs("at"));
            });

    try (Host host = ticking(database, instants);
        Host other = ticking(database, instants)) {
      Eventually.is("five seconds are done", () -> instants.size() >= 5);
    }

    assertThat(instants).doesNotHaveDuplicates();
  }

  private static Host ticking(TestDatabase database, Queue<String> instants) {
    return Host.start(
        database,
        worker ->
            worker
                .polling(Duration.ofMinutes(10))
                .handler(
                    "tick",
                    task -> {
                      instants.add(String.valueOf(task.input(Map.class).get("at")));
                      return null;
                    }));
  }
}
