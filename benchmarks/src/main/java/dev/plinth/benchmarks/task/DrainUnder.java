package dev.plinth.benchmarks.task;

import java.util.List;
import java.util.Locale;

/** What a workload costs: the drain of it, and of one plain queue in the same round. */
record DrainUnder(Workload workload, List<Candidate> candidates, Scale scale) implements Scenario {

  @Override
  public String name() {
    return "drain-" + workload.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String title() {
    return "drain: " + workload.title();
  }

  @Override
  public List<Candidate> baselines() {
    return List.of();
  }

  @Override
  public List<Measure> measures() {
    return List.of(
        new Measure(workload.title() + ", jobs/s", "%,.0f"),
        new Measure("one queue, jobs/s", "%,.0f"),
        new Measure("ratio", "%.2f"));
  }

  @Override
  public List<Double> measure(Candidate candidate) throws Exception {
    Drain drain = new Drain(scale);
    double plain = drain.jobsASecond(candidate, Workload.ONE_QUEUE);
    double loaded = drain.jobsASecond(candidate, workload);
    return List.of(loaded, plain, loaded / plain);
  }
}
