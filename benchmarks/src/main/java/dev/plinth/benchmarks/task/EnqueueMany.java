package dev.plinth.benchmarks.task;

import dev.plinth.testing.TestDatabase;
import java.util.List;

/** One thread enqueues all jobs in the fastest way that a contender offers. */
record EnqueueMany(Scale scale) implements Scenario {

  private static final int JOBS = 50_000;

  @Override
  public String name() {
    return "enqueue-many";
  }

  @Override
  public String title() {
    return "bulk enqueue of %,d jobs".formatted(scale.of(JOBS));
  }

  @Override
  public List<Candidate> candidates() {
    return Candidate.THAT_ENQUEUE;
  }

  @Override
  public List<Candidate> baselines() {
    return List.of(Candidate.JDBC);
  }

  @Override
  public List<Measure> measures() {
    return List.of(Measure.JOBS_A_SECOND);
  }

  @Override
  public List<Double> measure(Candidate candidate) throws Exception {
    int jobs = scale.of(JOBS);
    try (TestDatabase database = candidate.database();
        Contender contender = candidate.open(candidate.url(database))) {
      contender.setUp();
      long start = System.nanoTime();
      contender.enqueueAll(jobs);
      double seconds = (System.nanoTime() - start) / 1e9;
      contender.requireUnfinished(jobs);
      return List.of(jobs / seconds);
    }
  }
}
