package dev.plinth.benchmarks.task;

import dev.plinth.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Eight threads enqueue one job after the other, each in a transaction of its own. */
record EnqueueEach(Scale scale) implements Scenario {

  private static final int JOBS = 24_000;
  private static final int THREADS = 8;

  @Override
  public String name() {
    return "enqueue-each";
  }

  @Override
  public String title() {
    return "enqueue of %,d jobs one by one from %d threads".formatted(scale.of(JOBS), THREADS);
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
    int each = Math.max(1, scale.of(JOBS) / THREADS);
    int jobs = THREADS * each;
    try (TestDatabase database = candidate.database();
        Contender contender = candidate.open(candidate.url(database))) {
      contender.setUp();
      double seconds = seconds(contender, each);
      contender.requireUnfinished(jobs);
      return List.of(jobs / seconds);
    }
  }

  private static double seconds(Contender contender, int each) throws Exception {
    List<Callable<Boolean>> threads = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int from = thread * each;
      threads.add(() -> enqueue(contender, from, from + each));
    }
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try {
      long start = System.nanoTime();
      for (Future<Boolean> thread : executor.invokeAll(threads)) {
        thread.get();
      }
      return (System.nanoTime() - start) / 1e9;
    } finally {
      executor.shutdown();
    }
  }

  private static boolean enqueue(Contender contender, int from, int to) throws Exception {
    for (int number = from; number < to; number++) {
      contender.enqueue(number);
    }
    return true;
  }
}
