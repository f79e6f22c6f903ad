package dev.plinth.host;

import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.TaskFilter;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.tasks.workflow.CriticalStep;
import dev.plinth.tasks.workflow.WorkflowRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** How much a commit holds, and how long its measuring took, and for what. */
final class MeasuringReport {

  private static final int LANGUAGES_SHOWN = 8;
  private static final int DIRECTORIES_SHOWN = 5;
  private static final int KIBI = 1024;
  private static final PageRequest FEW = PageRequest.first(5);

  private final TasksModule tasks;
  private final Report.Lines lines;

  MeasuringReport(TasksModule tasks, Report.Lines lines) {
    this.tasks = tasks;
    this.lines = lines;
  }

  void print(TenantTx tx, WorkflowRun run) {
    String commit = String.valueOf(run.input().get(MeasuringTasks.COMMIT));
    new MeasuringTasks(tasks)
        .result(tx, run)
        .ifPresentOrElse(
            measured -> figures(commit.substring(0, Report.SHA_LENGTH), measured),
            () -> failures(tx, run));
    course(tx, run);
  }

  private void figures(String commit, Measured measured) {
    Figures all = Figures.total(measured.languages());
    lines.add("Files", "%s in %d directories at %s", text(all), measured.directories(), commit);
    largest(measured.languages(), LANGUAGES_SHOWN)
        .forEach(entry -> lines.add("", "%-16s %s", entry.getKey(), text(entry.getValue())));
    more(measured.languages().size() - LANGUAGES_SHOWN, "languages");
    lines.add("", "most is in");
    largest(measured.byDirectory(), DIRECTORIES_SHOWN)
        .forEach(entry -> lines.add("", "  %s: %s", shown(entry.getKey()), text(entry.getValue())));
    more(measured.byDirectory().size() - DIRECTORIES_SHOWN, "directories");
  }

  private void more(int count, String what) {
    if (count > 0) {
      lines.add("", "… and %d more %s", count, what);
    }
  }

  private void failures(TenantTx tx, WorkflowRun run) {
    lines.add("Files", "not measured: the run %s", Report.lower(run.status()));
    TaskFilter dead = TaskFilter.all().run(run.id()).status(TaskStatus.DEAD);
    for (Task task : tasks.tasks().list(tx, dead, FEW).items()) {
      String why =
          task.failure().map(it -> it.type() + ": " + it.message().orElse("")).orElse("unknown");
      lines.add("", "%s: %s", task.node().orElse(task.definition()), why);
    }
  }

  private void course(TenantTx tx, WorkflowRun run) {
    Instant end = run.finishedAt().orElse(tx.now());
    lines.add(
        "Measured by",
        "%s tasks in %s ms, begun %s",
        Measuring.counts(tasks.workflowRuns().progress(tx, run.id())),
        Duration.between(run.startedAt(), end).toMillis(),
        Report.TIME.format(run.startedAt()));
    lines.add("", "critical path");
    for (CriticalStep step : tasks.workflowRuns().criticalPath(tx, run.id())) {
      lines.add(
          "",
          "  %-12s waited %5d ms, ran %5d ms%s",
          step.node(),
          step.waited().toMillis(),
          step.ran().toMillis(),
          path(tx, step));
    }
  }

  private String path(TenantTx tx, CriticalStep step) {
    Object path = tasks.tasks().get(tx, step.task()).input().get(MeasuringTasks.PATH);
    return path == null ? "" : "  " + shown(path.toString());
  }

  private static String shown(String path) {
    return path.isEmpty() ? "." : path;
  }

  private static List<Map.Entry<String, Figures>> largest(Map<String, Figures> all, int count) {
    Comparator<Map.Entry<String, Figures>> size =
        Comparator.comparing(entry -> -entry.getValue().lines());
    Stream<Map.Entry<String, Figures>> sorted =
        all.entrySet().stream().sorted(size.thenComparing(Map.Entry.comparingByKey()));
    return sorted.limit(count).toList();
  }

  private static String text(Figures figures) {
    return String.format(
        Locale.ROOT,
        "%,d files, %,d lines, %,d KiB",
        figures.files(),
        figures.lines(),
        (figures.bytes() + KIBI - 1) / KIBI);
  }
}
