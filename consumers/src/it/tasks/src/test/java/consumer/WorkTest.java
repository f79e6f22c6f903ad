package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@PlinthTest(TasksModule.class)
class WorkTest {

  private final TasksModule module = new TasksModule();

  @Test
  void whatOneHostEnqueuesAnotherDoes(
      Plinth plinth, Tasks tasks, Member alice, TestDatabase database) {
    plinth
        .as(alice)
        .run(tx -> module.taskDefinitions().define(tx, NewTaskDefinition.of("greet")));
    NewTask greeting = NewTask.of("greet").input(Map.of("name", "Bob"));
    Task enqueued = plinth.as(alice).call(tx -> tasks.enqueue(tx, greeting));

    module.worker().handler("greet", task -> "Hello " + task.input().get("name")).register();
    try (Plinth worker =
        Plinth.builder().dataSource(database.host()).modules(module).build()) {
      worker.start();
      Eventually.is("done", () -> get(plinth, alice, enqueued).status() == TaskStatus.SUCCEEDED);
    }

    assertEquals(Optional.of("Hello Bob"), get(plinth, alice, enqueued).output());
  }

  private Task get(Plinth plinth, Member member, Task task) {
    return plinth.as(member).read(tx -> module.tasks().get(tx, task.id()));
  }
}
