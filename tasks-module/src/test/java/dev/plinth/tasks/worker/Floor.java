package dev.plinth.tasks.worker;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.page.PageRequest;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.RetryPolicy;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.jooq.Tables;
import dev.plinth.tasks.queue.AttemptOutcome;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.TaskAttempt;
import dev.plinth.tasks.queue.TaskLogLine;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** What a member sees of tasks while workers of other hosts do them. */
record Floor(Plinth plinth, Member member) {

  private static final TaskDefinitions DEFINITIONS = new TaskDefinitions();
  private static final Tasks TASKS = new Tasks();

  /** Soon again, so that a test does not wait. */
  static final RetryPolicy SOON = RetryPolicy.standard().backoff(Duration.ofMillis(10), 1);

  void define(NewTaskDefinition definition) {
    plinth.as(member).run(tx -> DEFINITIONS.define(tx, definition));
  }

  /** As somebody would write it by hand. */
  void execute(String sql) {
    plinth.as(member).run(tx -> tx.dsl().execute(sql));
  }

  UUID enqueue(NewTask task) {
    return plinth.as(member).call(tx -> TASKS.enqueue(tx, task)).id();
  }

  List<UUID> enqueueAll(List<NewTask> tasks) {
    return plinth.as(member).call(tx -> TASKS.enqueueAll(tx, tasks));
  }

  Task get(UUID task) {
    return plinth.as(member).read(tx -> TASKS.get(tx, task));
  }

  int count(TaskStatus status) {
    return plinth
        .as(member)
        .read(tx -> tx.dsl().fetchCount(Tables.TASKS, Tables.TASKS.STATUS.eq(status)));
  }

  void cancel(UUID task) {
    plinth.as(member).run(tx -> TASKS.cancel(tx, task));
  }

  void replay(UUID task) {
    plinth.as(member).run(tx -> TASKS.replay(tx, task));
  }

  Task awaitStatus(UUID task, TaskStatus status) {
    Eventually.is(task + " is " + status, () -> get(task).status() == status);
    return get(task);
  }

  Task awaitEnd(UUID task) {
    Eventually.is(task + " ended", () -> get(task).status().isFinal());
    return get(task);
  }

  /** Newest first, as it is listed. */
  List<TaskAttempt> attempts(UUID task) {
    return plinth.as(member).read(tx -> TASKS.attempts(tx, task, PageRequest.first(100))).items();
  }

  List<AttemptOutcome> outcomes(UUID task) {
    return attempts(task).stream().map(TaskAttempt::outcome).sorted().toList();
  }

  List<TaskLogLine> lines(UUID task) {
    return plinth
        .as(member)
        .read(tx -> TASKS.logs(tx, task, PageRequest.first(PageRequest.MAX_LIMIT)))
        .items();
  }
}
