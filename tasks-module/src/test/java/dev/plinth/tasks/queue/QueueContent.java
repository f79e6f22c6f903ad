package dev.plinth.tasks.queue;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.sql.Priority;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.testing.Probes;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** What the contracts need of definitions, tasks and queues. */
public final class QueueContent {

  private static final PageRequest PAGE = PageRequest.first(10);
  private static final TaskFilter ALL = TaskFilter.all();

  /** What a worker would have left behind. */
  private static final List<String> HISTORY =
      List.of(
          """
          INSERT INTO plinth_tasks.task_attempts
            (organization_id, task_id, definition_id, attempt, outcome, worker, ready_at, started_at, finished_at)
          SELECT t.organization_id, t.id, t.definition_id, 1, 'failed', 'w', t.created_at, t.created_at, t.created_at
          FROM plinth_tasks.tasks t WHERE t.organization_id = ? AND t.id = ?
          """,
          """
          INSERT INTO plinth_tasks.task_execution_logs
            (organization_id, task_id, attempt, line, level, message, logged_at)
          SELECT t.organization_id, t.id, 1, 1, 'info', 'hello', t.created_at
          FROM plinth_tasks.tasks t WHERE t.organization_id = ? AND t.id = ?
          """,
          """
          INSERT INTO plinth_tasks.task_resource_usage
            (organization_id, task_id, definition_id, attempt, measured_at, wall_ms)
          SELECT t.organization_id, t.id, t.definition_id, 1, t.created_at, 7
          FROM plinth_tasks.tasks t WHERE t.organization_id = ? AND t.id = ?
          """);

  private static final TaskDefinitions DEFINITIONS = new TaskDefinitions();
  private static final Tasks TASKS = new Tasks();
  private static final TaskQueues QUEUES = new TaskQueues();

  private QueueContent() {}

  /** What was made for an organization. */
  public record Written(UUID definition, UUID waiting, UUID cancelled, UUID subject) {}

  /** Rows in every table. */
  public static Written fill(Plinth plinth, Member member) {
    UUID subject = UUID.randomUUID();
    Written written =
        plinth
            .as(member)
            .call(
                tx -> {
                  UUID definition = DEFINITIONS.define(tx, NewTaskDefinition.of("mail")).id();
                  NewTask task = NewTask.of("mail").subject("repository", subject);
                  UUID waiting = TASKS.enqueue(tx, task.idempotencyKey("first")).id();
                  UUID cancelled = TASKS.enqueue(tx, task).id();
                  TASKS.cancel(tx, cancelled);
                  QUEUES.pause(tx, "slow");
                  return new Written(definition, waiting, cancelled, subject);
                });
    plinth
        .asService(member.organizationId(), "worker")
        .run(
            tx ->
                HISTORY.forEach(
                    sql -> tx.dsl().execute(sql, tx.organizationId(), written.waiting())));
    return written;
  }

  /** Calls that together read and write all of it. */
  public static <T> void probes(Probes<T> probes, Function<T, Written> of) {
    reads(probes, of);
    writes(probes, of);
    refusals(probes, of);
  }

  private static <T> void reads(Probes<T> probes, Function<T, Written> of) {
    probes
        .reads(
            "task definition", (tx, own, other) -> DEFINITIONS.get(tx, of.apply(own).definition()))
        .reads("task definition by name", (tx, own, other) -> DEFINITIONS.getByName(tx, "mail"))
        .reads("task definitions", (tx, own, other) -> DEFINITIONS.list(tx, PAGE))
        .reads("task", (tx, own, other) -> TASKS.get(tx, of.apply(own).waiting()))
        .reads("tasks", (tx, own, other) -> TASKS.list(tx, ALL, PAGE))
        .reads(
            "tasks of a definition",
            (tx, own, other) -> TASKS.list(tx, ALL.definition("mail"), PAGE))
        .reads(
            "tasks about something",
            (tx, own, other) -> TASKS.list(tx, ALL.subject(of.apply(own).subject()), PAGE))
        .reads("attempts", (tx, own, other) -> TASKS.attempts(tx, of.apply(own).waiting(), PAGE))
        .reads("logs", (tx, own, other) -> TASKS.logs(tx, of.apply(own).waiting(), PAGE))
        .reads("usage", (tx, own, other) -> TASKS.usage(tx, of.apply(own).waiting(), PAGE))
        .reads("queues", (tx, own, other) -> QUEUES.list(tx));
  }

  private static <T> void writes(Probes<T> probes, Function<T, Written> of) {
    NewTask task = NewTask.of("mail").input(Map.of("n", 1));
    probes
        .writes(
            "define",
            (tx, own, other) ->
                DEFINITIONS.define(tx, NewTaskDefinition.of("mail").queue("other").atMost(3)))
        .writes("enqueue", (tx, own, other) -> TASKS.enqueue(tx, task))
        .writes("enqueue once", (tx, own, other) -> TASKS.enqueue(tx, task.idempotencyKey("first")))
        .writes(
            "enqueue many",
            (tx, own, other) ->
                TASKS.enqueueAll(tx, List.of(task, task.idempotencyKey("first"), task)))
        .writes("cancel", (tx, own, other) -> TASKS.cancel(tx, of.apply(own).waiting()))
        .writes("replay", (tx, own, other) -> TASKS.replay(tx, of.apply(own).cancelled()))
        .writes("replay all", (tx, own, other) -> TASKS.replayAll(tx, ALL, 10))
        .writes(
            "reschedule",
            (tx, own, other) ->
                TASKS.reschedule(tx, of.apply(own).waiting(), tx.now().plusSeconds(60)))
        .writes(
            "reschedule all",
            (tx, own, other) -> TASKS.rescheduleAll(tx, ALL, tx.now().plusSeconds(60), 10))
        .writes(
            "reprioritize",
            (tx, own, other) -> TASKS.reprioritize(tx, of.apply(own).waiting(), Priority.CRITICAL))
        .writes(
            "reprioritize all",
            (tx, own, other) -> TASKS.reprioritizeAll(tx, ALL, Priority.CRITICAL, 10))
        .writes(
            "pause and resume",
            (tx, own, other) -> {
              QUEUES.resume(tx, "slow");
              QUEUES.pause(tx, "default");
              return "paused";
            })
        .writes(
            "delete a definition",
            (tx, own, other) -> {
              DEFINITIONS.delete(tx, "mail");
              return "deleted";
            });
  }

  private static <T> void refusals(Probes<T> probes, Function<T, Written> of) {
    probes
        .refuses(
            "another's task definition",
            (tx, own, other) -> DEFINITIONS.get(tx, of.apply(other).definition()))
        .refuses("another's task", (tx, own, other) -> TASKS.get(tx, of.apply(other).waiting()))
        .refuses(
            "cancel another's", (tx, own, other) -> TASKS.cancel(tx, of.apply(other).waiting()))
        .refuses(
            "replay another's", (tx, own, other) -> TASKS.replay(tx, of.apply(other).cancelled()))
        .refuses(
            "reschedule another's",
            (tx, own, other) -> TASKS.reschedule(tx, of.apply(other).waiting(), tx.now()))
        .refuses(
            "reprioritize another's",
            (tx, own, other) -> TASKS.reprioritize(tx, of.apply(other).waiting(), Priority.LOW))
        .refuses(
            "attempts of another's",
            (tx, own, other) -> TASKS.attempts(tx, of.apply(other).waiting(), PAGE))
        .refuses(
            "logs of another's",
            (tx, own, other) -> TASKS.logs(tx, of.apply(other).waiting(), PAGE))
        .refuses(
            "usage of another's",
            (tx, own, other) -> TASKS.usage(tx, of.apply(other).waiting(), PAGE));
  }
}
