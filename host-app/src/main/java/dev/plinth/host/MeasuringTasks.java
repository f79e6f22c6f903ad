package dev.plinth.host;

import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.RetryPolicy;
import dev.plinth.tasks.worker.PermanentFailureException;
import dev.plinth.tasks.worker.SnoozedException;
import dev.plinth.tasks.worker.TaskContext;
import dev.plinth.tasks.workflow.Edge;
import dev.plinth.tasks.workflow.EdgeTerms;
import dev.plinth.tasks.workflow.NewDependency;
import dev.plinth.tasks.workflow.NewWorkflow;
import dev.plinth.tasks.workflow.Node;
import dev.plinth.tasks.workflow.RunTask;
import dev.plinth.tasks.workflow.Workflow;
import dev.plinth.tasks.workflow.WorkflowRun;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.eclipse.jgit.errors.MissingObjectException;

/**
 * The tasks that measure a commit: one finds its directories and adds a task for each of them to
 * the run that it is part of, all of which one joins.
 */
final class MeasuringTasks {

  static final String QUEUE = "repositories";
  private static final String JOIN = "join";

  /** What the input of every task of a run says. */
  static final String DIRECTORY = "directory";

  static final String COMMIT = "commit";

  /** What that of one directory says besides. */
  static final String PATH = "path";

  private static final String DEEP = "deep";
  private static final String PART = "part.";
  private static final String SCANNED = "scanned";

  private static final String SCAN_TASK = "repository-scan";
  private static final String MEASURE_TASK = "repository-measure";
  private static final String JOIN_TASK = "repository-join";

  private static final Duration TAKEOVER = Duration.ofSeconds(5);

  /** How long it is left to other hosts, whose repository it may be. */
  private static final Duration OTHERS = Duration.ofMinutes(1);

  private static final Duration WHILE = Duration.ofMillis(500);

  private static final NewWorkflow WORKFLOW =
      NewWorkflow.dag("measure-repository")
          .node(Node.of("scan", SCAN_TASK))
          .node(Node.of(JOIN, JOIN_TASK))
          .edge(Edge.of("scan", JOIN).on(EdgeTerms.success().outputAs(SCANNED)));

  private final TasksModule tasks;

  MeasuringTasks(TasksModule tasks) {
    this.tasks = tasks;
  }

  /** Who does them in this host, from {@code Plinth.start()} on. */
  void register() {
    tasks
        .worker()
        .queues(QUEUE)
        .concurrency(Runtime.getRuntime().availableProcessors())
        .takeover(TAKEOVER)
        .neverRetry(MissingObjectException.class)
        .handler(SCAN_TASK, this::scan)
        .handler(MEASURE_TASK, this::measure)
        .handler(JOIN_TASK, MeasuringTasks::join)
        .register();
  }

  /** What they and their workflow are, in an organization. */
  Workflow define(TenantTx tx) {
    RetryPolicy soon = RetryPolicy.standard().attempts(3).backoff(Duration.ofMillis(200), 2);
    for (String name : List.of(SCAN_TASK, MEASURE_TASK, JOIN_TASK)) {
      tasks.taskDefinitions().define(tx, NewTaskDefinition.of(name).queue(QUEUE).retry(soon));
    }
    return tasks.workflows().define(tx, WORKFLOW);
  }

  private Map<String, Object> scan(TaskContext task) throws IOException {
    try (GitFiles files = files(task)) {
      List<String> directories = List.copyOf(files.directories());
      List<Area> areas = Area.of(directories);
      task.log().info(directories.size() + " directories, measured as " + areas.size());
      return task.inTransaction(
          tx -> {
            fanOut(tx, task, areas);
            return Map.<String, Object>of("directories", directories.size());
          });
    }
  }

  /** Committed together with the end of the scan: none of them is there twice, whatever dies. */
  private void fanOut(TenantTx tx, TaskContext task, List<Area> areas) {
    if (areas.isEmpty()) {
      return;
    }
    UUID run = task.runId().orElseThrow();
    List<Node> nodes = IntStream.range(0, areas.size()).mapToObj(i -> node(i, areas)).toList();
    Map<String, UUID> added =
        tasks.workflowRuns().add(tx, run, NewWorkflow.parallel("directories", nodes));
    UUID join = join(tx, run).orElseThrow();
    List<NewDependency> edges = new ArrayList<>();
    added.forEach(
        (name, id) -> {
          edges.add(NewDependency.of(task.taskId(), id));
          edges.add(NewDependency.of(id, join).on(EdgeTerms.success().outputAs(PART + name)));
        });
    tasks.taskDependencies().addAll(tx, edges);
  }

  private static Node node(int number, List<Area> areas) {
    Area area = areas.get(number);
    return Node.of("directory-" + number, MEASURE_TASK)
        .input(Map.of(PATH, area.path(), DEEP, area.deep()));
  }

  /** It is one of the two that a run begins with; empty if it is no longer kept. */
  private Optional<UUID> join(TenantTx tx, UUID run) {
    return tasks.workflowRuns().tasks(tx, run, PageRequest.first(2)).items().stream()
        .filter(each -> each.node().equals(JOIN))
        .map(RunTask::id)
        .findFirst();
  }

  /** What a run came to; empty if it did not succeed, or that is no longer kept. */
  Optional<Measured> result(TenantTx tx, WorkflowRun run) {
    return join(tx, run.id()).flatMap(id -> tasks.tasks().get(tx, id).output()).map(Measured::of);
  }

  private Measured.Part measure(TaskContext task) throws IOException {
    String path = text(task, PATH);
    try (GitFiles files = files(task)) {
      boolean deep = Boolean.TRUE.equals(task.input().get(DEEP));
      Measured.Part part = new Measured.Part(path, files.measure(path, deep));
      task.usage().addRows(Figures.total(part.languages()).lines());
      return part;
    }
  }

  private static Measured join(TaskContext task) {
    Map<?, ?> scanned = (Map<?, ?>) Objects.requireNonNull(task.input().get(SCANNED));
    List<Measured.Part> parts =
        task.input().entrySet().stream()
            .filter(member -> member.getKey().startsWith(PART))
            .map(member -> Measured.Part.of(member.getValue()))
            .toList();
    return Measured.joined(
        ((Number) Objects.requireNonNull(scanned.get("directories"))).intValue(), parts);
  }

  private GitFiles files(TaskContext task) throws IOException {
    GitFiles.Commit commit = new GitFiles.Commit(text(task, DIRECTORY), text(task, COMMIT));
    return GitFiles.of(commit).orElseThrow(() -> elsewhere(task, commit));
  }

  /** Not here: perhaps on another host, which has the same queue. */
  private RuntimeException elsewhere(TaskContext task, GitFiles.Commit commit) {
    UUID run = task.runId().orElseThrow();
    Duration age =
        task.transactions()
            .read(tx -> Duration.between(tasks.workflowRuns().get(tx, run).startedAt(), tx.now()));
    return age.compareTo(OTHERS) < 0
        ? new SnoozedException(WHILE)
        : new PermanentFailureException("No host has " + commit, null);
  }

  private static String text(TaskContext task, String member) {
    return String.valueOf(task.input().get(member));
  }
}
