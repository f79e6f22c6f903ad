package dev.plinth.tasks.workflow;

import static dev.plinth.tasks.jooq.Tables.TASKS;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.testing.Probes;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** What this package writes, and calls of all that it offers. */
public final class WorkflowContent {

  private static final PageRequest PAGE = PageRequest.first(10);
  private static final NewWorkflow RELEASE =
      NewWorkflow.sequence(
          "release", Node.of("build", "workflow-work"), Node.of("deploy", "workflow-work"));
  private static final NewWorkflow MORE =
      NewWorkflow.parallel("more", List.of(Node.of("more", "workflow-work")));

  private final TaskDependencies dependencies = new TaskDependencies();
  private final Workflows workflows = new Workflows();
  private final WorkflowRuns runs = new WorkflowRuns();

  private WorkflowContent() {}

  /** The ids of a run, of a cancelled one, and of three loose tasks, the second after the first. */
  public record Written(UUID run, UUID cancelled, UUID first, UUID second, UUID third) {}

  /** Defines a workflow, begins two runs and cancels one of them. */
  public static Written fill(Plinth plinth, Member member) {
    WorkflowContent content = new WorkflowContent();
    return plinth
        .as(member)
        .call(
            tx -> {
              UUID work = ByHand.define(tx, "workflow-work");
              content.workflows.define(tx, RELEASE);
              UUID run = content.workflows.start(tx, "release", Map.of()).id();
              begun(tx, run);
              UUID cancelled = content.runs.start(tx, RELEASE, Map.of()).id();
              content.runs.cancel(tx, cancelled);
              UUID first = ByHand.enqueue(tx, work);
              UUID second = ByHand.enqueue(tx, work);
              UUID third = ByHand.enqueue(tx, work);
              content.dependencies.add(tx, NewDependency.of(first, second));
              return new Written(run, cancelled, first, second, third);
            });
  }

  /** As if a worker had done the first task of a run. */
  private static void begun(TenantTx tx, UUID run) {
    tx.dsl()
        .update(TASKS)
        .set(TASKS.STATUS, TaskStatus.SUCCEEDED)
        .set(TASKS.STARTED_AT, tx.now())
        .set(TASKS.FINISHED_AT, tx.now())
        .where(
            TASKS.ORGANIZATION_ID.eq(tx.organizationId()),
            TASKS.RUN_ID.eq(run),
            TASKS.NODE.eq("build"))
        .execute();
  }

  /** Calls of every method. */
  public static <T> void probes(Probes<T> probes, Function<T, Written> of) {
    WorkflowContent content = new WorkflowContent();
    content.reads(probes, of);
    content.writes(probes, of);
    content.refusals(probes, of);
    content.refusedReads(probes, of);
  }

  private <T> void reads(Probes<T> probes, Function<T, Written> of) {
    probes
        .reads("workflow", (tx, own, other) -> workflows.get(tx, "release"))
        .reads("workflows", (tx, own, other) -> workflows.list(tx, PAGE))
        .reads("run", (tx, own, other) -> runs.get(tx, of.apply(own).run()))
        .reads("runs", (tx, own, other) -> runs.list(tx, RunFilter.all(), PAGE))
        .reads("tasks of a run", (tx, own, other) -> runs.tasks(tx, of.apply(own).run(), PAGE))
        .reads("progress", (tx, own, other) -> runs.progress(tx, of.apply(own).run()))
        .reads("critical path", (tx, own, other) -> runs.criticalPath(tx, of.apply(own).run()))
        .reads(
            "predecessors",
            (tx, own, other) -> dependencies.predecessors(tx, of.apply(own).second(), PAGE))
        .reads(
            "successors",
            (tx, own, other) -> dependencies.successors(tx, of.apply(own).first(), PAGE))
        .reads(
            "dependencies are satisfied",
            (tx, own, other) -> dependencies.areSatisfied(tx, of.apply(own).second()));
  }

  private <T> void writes(Probes<T> probes, Function<T, Written> of) {
    probes
        .writes(
            "define a workflow",
            (tx, own, other) ->
                workflows.define(tx, RELEASE.onFailure(FailurePolicy.CONTINUE)).version())
        .writes("start", (tx, own, other) -> workflows.start(tx, "release", Map.of()).name())
        .writes("start ad hoc", (tx, own, other) -> runs.start(tx, RELEASE, Map.of()).name())
        .writes(
            "add to a run", (tx, own, other) -> runs.add(tx, of.apply(own).run(), MORE).keySet())
        .writes("cancel a run", (tx, own, other) -> runs.cancel(tx, of.apply(own).run()).status())
        .writes(
            "replay a run", (tx, own, other) -> runs.replay(tx, of.apply(own).cancelled()).status())
        .writes(
            "replay a run from a node",
            (tx, own, other) -> runs.replay(tx, of.apply(own).cancelled(), "deploy").status())
        .writes(
            "add a dependency",
            (tx, own, other) -> {
              Written written = of.apply(own);
              dependencies.add(tx, NewDependency.of(written.second(), written.third()));
              return "added";
            })
        .writes(
            "delete a workflow",
            (tx, own, other) -> {
              workflows.delete(tx, "release");
              return "deleted";
            });
  }

  private <T> void refusals(Probes<T> probes, Function<T, Written> of) {
    probes
        .refuses(
            "add to another's run", (tx, own, other) -> runs.add(tx, of.apply(other).run(), MORE))
        .refuses("cancel another's run", (tx, own, other) -> runs.cancel(tx, of.apply(other).run()))
        .refuses(
            "replay another's run",
            (tx, own, other) -> runs.replay(tx, of.apply(other).cancelled()))
        .refuses(
            "replay another's run from a node",
            (tx, own, other) -> runs.replay(tx, of.apply(other).cancelled(), "build"))
        .refuses(
            "wait for another's task",
            (tx, own, other) -> {
              dependencies.add(
                  tx, NewDependency.of(of.apply(other).first(), of.apply(own).third()));
              return "added";
            })
        .refuses(
            "let another's task wait",
            (tx, own, other) -> {
              dependencies.add(
                  tx, NewDependency.of(of.apply(own).first(), of.apply(other).third()));
              return "added";
            });
  }

  private <T> void refusedReads(Probes<T> probes, Function<T, Written> of) {
    probes
        .refuses("another's run", (tx, own, other) -> runs.get(tx, of.apply(other).run()))
        .refuses(
            "tasks of another's run",
            (tx, own, other) -> runs.tasks(tx, of.apply(other).run(), PAGE))
        .refuses(
            "progress of another's run",
            (tx, own, other) -> runs.progress(tx, of.apply(other).run()))
        .refuses(
            "critical path of another's run",
            (tx, own, other) -> runs.criticalPath(tx, of.apply(other).run()))
        .refuses(
            "predecessors of another's task",
            (tx, own, other) -> dependencies.predecessors(tx, of.apply(other).second(), PAGE))
        .refuses(
            "successors of another's task",
            (tx, own, other) -> dependencies.successors(tx, of.apply(other).first(), PAGE))
        .refuses(
            "whether another's task waits",
            (tx, own, other) -> dependencies.areSatisfied(tx, of.apply(other).second()));
  }
}
