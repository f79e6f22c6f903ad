package dev.plinth.benchmarks.task;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Measures queues of jobs beside each other on one server and prints medians as tables. No JMH: a
 * drain is seconds long and has other processes and threads in it, which a plain runner shows
 * better. Candidates take turns within a round, so that a slow minute of the machine hits all.
 */
public final class TaskBenchmarks {

  private static final int ROUNDS = 3;

  private TaskBenchmarks() {}

  /**
   * Runs the scenarios.
   *
   * @param arguments a regular expression that scenarios contain, all by default; and how much of
   *     the full number of jobs is run, 1 by default
   */
  public static void main(String[] arguments) throws Exception {
    Pattern chosen = Pattern.compile(arguments.length > 0 ? arguments[0] : "");
    Scale scale = arguments.length > 1 ? new Scale(Double.parseDouble(arguments[1])) : Scale.FULL;
    BenchmarkServer.start();
    System.out.println(BenchmarkServer.description() + "\n");
    for (Scenario scenario : scenarios(scale)) {
      if (chosen.matcher(scenario.name()).find() && !scenario.candidates().isEmpty()) {
        System.out.println(run(scenario).table());
      }
    }
  }

  /** All there are; one that has no candidates yet is left out. */
  private static List<Scenario> scenarios(Scale scale) {
    return List.of(
        new Drain(scale),
        new EnqueueMany(scale),
        new EnqueueEach(scale),
        new StartLatency(scale),
        new DrainUnder(
            Workload.HISTORY, List.of(Candidate.JDBC_UPDATE_PER_BATCH, Candidate.PLINTH), scale),
        new DrainUnder(Workload.TENANTS, List.of(Candidate.PLINTH), scale),
        new DrainUnder(Workload.GRAPH, List.of(Candidate.PLINTH), scale));
  }

  private static Results run(Scenario scenario) throws Exception {
    Results results = new Results(scenario);
    if (scenario.warmsUp()) {
      round(scenario, new Results(scenario));
    }
    for (int round = 0; round < ROUNDS; round++) {
      round(scenario, results);
    }
    return results;
  }

  private static void round(Scenario scenario, Results results) throws Exception {
    for (Candidate candidate : scenario.candidates()) {
      results.add(candidate, scenario.measure(candidate));
    }
  }
}
