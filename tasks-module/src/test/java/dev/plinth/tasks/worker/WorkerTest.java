package dev.plinth.tasks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker does with tasks. */
@PlinthTest(TasksModule.class)
@Timeout(60)
class WorkerTest {

  record Doubling(int number) {}

  @Test
  void doesATaskAndKeepsWhatItCameTo(
      Plinth plinth,
      TaskDefinitions definitions,
      Tasks tasks,
      TestDatabase database,
      Organization acme,
      Member alice) {
    UUID id =
        plinth
            .as(alice)
            .call(
                tx -> {
                  definitions.define(tx, NewTaskDefinition.of("double"));
                  return tasks.enqueue(tx, NewTask.of("double").input(Map.of("number", 21))).id();
                });
    try (Host host =
        Host.start(
            database,
            worker ->
                worker.handler(
                    "double", task -> Map.of("result", 2 * task.input(Doubling.class).number())))) {
      Eventually.is("done", () -> get(plinth, alice, tasks, id).status().isFinal());
      Task done = get(plinth, alice, tasks, id);
      assertThat(done.status()).isEqualTo(TaskStatus.SUCCEEDED);
    }
  }

  private static Task get(Plinth plinth, Member member, Tasks tasks, UUID id) {
    return plinth.as(member).read(tx -> tasks.get(tx, id));
  }
}
