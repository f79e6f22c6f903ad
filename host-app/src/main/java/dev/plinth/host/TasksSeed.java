package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.RetryPolicy;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.TaskFilter;
import dev.plinth.tasks.schedule.NewTaskSchedule;
import dev.plinth.tasks.schedule.Recurrence;
import dev.plinth.tasks.worker.TaskContext;
import dev.plinth.tasks.workflow.Edge;
import dev.plinth.tasks.workflow.EdgeTerms;
import dev.plinth.tasks.workflow.NewWorkflow;
import dev.plinth.tasks.workflow.Node;
import dev.plinth.tasks.workflow.RunFilter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Development data of tasks: some that a worker did, one of which failed first, a schedule and a
 * workflow.
 */
final class TasksSeed {

  private static final String QUEUE = "demo";
  private static final Duration LOOK = Duration.ofMillis(100);

  private static final NewWorkflow LAUNCH =
      NewWorkflow.dag("launch")
          .nodes(List.of(Node.of("fuel"), Node.of("check"), Node.of("ignite")))
          .edge(Edge.of("fuel", "check").on(EdgeTerms.success().outputAs("fuel")))
          .edge(Edge.of("check", "ignite").on(EdgeTerms.success().when("go", true)));

  private final Plinth plinth;
  private final TasksModule tasks;
  private final Member owner;

  TasksSeed(Hosted hosted, Member owner) {
    this.plinth = hosted.plinth();
    this.tasks = hosted.tasks();
    this.owner = owner;
  }

  void plant() throws InterruptedException {
    plinth.as(owner).run(this::enqueue);
    if (isAnythingLeft()) {
      work();
    }
  }

  private void enqueue(TenantTx tx) {
    RetryPolicy soon = RetryPolicy.standard().backoff(Duration.ofMillis(100), 1);
    for (String name : List.of("fuel", "check", "ignite", "downlink")) {
      tasks.taskDefinitions().define(tx, NewTaskDefinition.of(name).queue(QUEUE).retry(soon));
    }
    if (tasks.taskQueues().list(tx).isEmpty()) {
      tasks.taskQueues().pause(tx, "maintenance");
    }
    for (String station : List.of("Honeysuckle Creek", "Goldstone", "Madrid")) {
      NewTask downlink = NewTask.of("downlink").input(Map.of("station", station));
      tasks.tasks().enqueue(tx, downlink.idempotencyKey("seed:" + station));
    }
    if (tasks.taskSchedules().findByName(tx, "anniversary").isEmpty()) {
      Recurrence yearly = Recurrence.of("17 20 20 7 *", "UTC");
      tasks.taskSchedules().create(tx, NewTaskSchedule.of("anniversary", "downlink", yearly));
    }
    launch(tx);
  }

  private void launch(TenantTx tx) {
    var launch = tasks.workflows().define(tx, LAUNCH);
    RunFilter ours = RunFilter.all().workflow(launch.id());
    if (tasks.workflowRuns().list(tx, ours, Seed.ALL).items().isEmpty()) {
      tasks.workflows().start(tx, launch.name(), Map.of("vehicle", "Saturn V"));
    }
  }

  private boolean isAnythingLeft() {
    return plinth
        .as(owner)
        .read(tx -> tasks.tasks().list(tx, TaskFilter.all().queue(QUEUE), Seed.ALL))
        .items()
        .stream()
        .map(Task::status)
        .anyMatch(status -> !status.isFinal());
  }

  /** As hosts do it: in the background, until the host closes. */
  private void work() throws InterruptedException {
    tasks
        .worker()
        .queues(QUEUE)
        .handler("fuel", task -> Map.of("tons", 2_000))
        .handler("check", task -> Map.of("go", task.input().containsKey("fuel")))
        .handler("ignite", task -> null)
        .handler("downlink", TasksSeed::downlink)
        .register();
    plinth.start();
    try {
      while (isAnythingLeft()) {
        Thread.sleep(LOOK.toMillis());
      }
    } finally {
      plinth.close();
    }
  }

  private static Map<String, Object> downlink(TaskContext task) throws IOException {
    task.log().info("listening at " + task.input().get("station"));
    if (task.attempt() == 1 && "Madrid".equals(task.input().get("station"))) {
      throw new IOException("no signal");
    }
    task.usage().addRows(1);
    task.progress(100, "received");
    return Map.of("received", true);
  }
}
