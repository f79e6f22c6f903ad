package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.PlinthException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.workflow.RunFilter;
import dev.plinth.tasks.workflow.RunProgress;
import dev.plinth.tasks.workflow.RunStatus;
import dev.plinth.tasks.workflow.Workflow;
import dev.plinth.tasks.workflow.WorkflowRun;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Has a commit measured by {@link MeasuringTasks} and says how far that is. A commit is measured
 * once: what an earlier run came to is taken, and what one began that was cut off goes on.
 */
final class Measuring {

  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration STALLED = Duration.ofMinutes(2);

  private final Plinth plinth;
  private final TasksModule tasks;
  private final Progress progress;
  private final MeasuringTasks definitions;

  Measuring(Hosted hosted, Progress progress) {
    this.plinth = hosted.plinth();
    this.tasks = hosted.tasks();
    this.progress = progress;
    this.definitions = new MeasuringTasks(hosted.tasks());
  }

  /** Lets this host do the tasks, from {@code Plinth.start()} on. */
  void register() {
    definitions.register();
  }

  /** The run that measured a commit, when it is over. Needs the background of {@link Plinth}. */
  WorkflowRun of(Member member, GitFiles.Commit commit) throws InterruptedException {
    Map<String, Object> input =
        Map.of(MeasuringTasks.DIRECTORY, commit.directory(), MeasuringTasks.COMMIT, commit.id());
    WorkflowRun run = plinth.as(member).call(tx -> begun(tx, input));
    return ended(member, run);
  }

  private WorkflowRun begun(TenantTx tx, Map<String, Object> input) {
    Workflow workflow = definitions.define(tx);
    RunFilter ours = RunFilter.all().workflow(workflow.id());
    return tasks
        .workflowRuns()
        .list(tx, ours, PageRequest.first(PageRequest.MAX_LIMIT))
        .items()
        .stream()
        .filter(run -> run.input().equals(input) && isOfUse(tx, run))
        .findFirst()
        .orElseGet(() -> tasks.workflows().start(tx, workflow.name(), input));
  }

  /** Its result may be gone: tasks are not kept for ever. */
  private boolean isOfUse(TenantTx tx, WorkflowRun run) {
    return run.status() == RunStatus.RUNNING
        || run.status() == RunStatus.SUCCEEDED && definitions.result(tx, run).isPresent();
  }

  private WorkflowRun ended(Member member, WorkflowRun begun) throws InterruptedException {
    WorkflowRun run = begun;
    Optional<RunProgress> before = Optional.empty();
    long changed = System.nanoTime();
    while (!run.status().isOver()) {
      Optional<RunProgress> now = Optional.of(progress(member, begun));
      if (!now.equals(before)) {
        progress.step("measuring: " + text(now.get()));
        changed = System.nanoTime();
      } else if (System.nanoTime() - changed > STALLED.toNanos()) {
        throw new StalledException(run.id(), STALLED);
      }
      before = now;
      Thread.sleep(LOOK.toMillis());
      run = plinth.as(member).read(tx -> tasks.workflowRuns().get(tx, begun.id()));
    }
    progress.step("measured: " + text(progress(member, run)));
    return run;
  }

  private RunProgress progress(Member member, WorkflowRun run) {
    return plinth.as(member).read(tx -> tasks.workflowRuns().progress(tx, run.id()));
  }

  private static String text(RunProgress progress) {
    return String.format(
        Locale.ROOT,
        "%d of %d tasks (%d %%): %s",
        progress.ended(),
        progress.total(),
        progress.percent(),
        counts(progress));
  }

  static String counts(RunProgress progress) {
    return progress.tasks().entrySet().stream()
        .map(entry -> entry.getValue() + " " + Report.lower(entry.getKey()))
        .collect(Collectors.joining(", "));
  }

  /** Nothing of a run happens: its queue is paused, perhaps. */
  static final class StalledException extends PlinthException {

    private static final long serialVersionUID = 1L;

    StalledException(UUID run, Duration since) {
      super("Nothing happened for " + since.toSeconds() + " s in the workflow run " + run, null);
    }
  }
}
