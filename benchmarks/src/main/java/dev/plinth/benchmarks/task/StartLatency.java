package dev.plinth.benchmarks.task;

import dev.plinth.testing.TestDatabase;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * From the call that enqueues a job in this process to its first line in another one, on an idle
 * queue. Jobs come at random distances, whether or not the one before has begun: who polls is asked
 * at any moment of its interval.
 */
record StartLatency(Scale scale) implements Scenario {

  private static final int SAMPLES = 500;

  /** Not counted: the other process compiles its code. */
  private static final int FIRST = 200;

  private static final long LEAST_APART = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long MOST_APART = TimeUnit.MILLISECONDS.toNanos(50);

  @Override
  public String name() {
    return "start-latency";
  }

  @Override
  public String title() {
    return "start latency from another process, %d jobs".formatted(scale.of(SAMPLES));
  }

  @Override
  public List<Candidate> candidates() {
    return List.of(
        Candidate.JDBC_NOTIFY,
        Candidate.DB_SCHEDULER,
        Candidate.DB_SCHEDULER_DEFAULT,
        Candidate.JOBRUNR,
        Candidate.PLINTH);
  }

  @Override
  public List<Candidate> baselines() {
    return List.of(Candidate.JDBC_NOTIFY);
  }

  @Override
  public List<Measure> measures() {
    return List.of(new Measure("p50, ms", "%,.1f"), new Measure("p99, ms", "%,.1f"));
  }

  @Override
  public boolean warmsUp() {
    return false;
  }

  @Override
  public List<Double> measure(Candidate candidate) throws Exception {
    int first = scale.of(FIRST);
    int jobs = first + scale.of(SAMPLES);
    try (TestDatabase database = candidate.database();
        Contender contender = candidate.open(candidate.url(database))) {
      contender.setUp();
      try (WorkerProcess worker = WorkerProcess.start(candidate, candidate.url(database), jobs)) {
        long[] latencies = latencies(contender, worker, jobs);
        long[] counted = Arrays.copyOfRange(latencies, first, jobs);
        Arrays.sort(counted);
        return List.of(percentile(counted, 0.50), percentile(counted, 0.99));
      }
    }
  }

  private static long[] latencies(Contender contender, WorkerProcess worker, int jobs)
      throws Exception {
    long[] called = new long[jobs];
    for (int number = 0; number < jobs; number++) {
      called[number] = WorkerMain.micros();
      contender.enqueue(number);
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LEAST_APART, MOST_APART));
    }
    worker.await();
    long[] latencies = new long[jobs];
    Arrays.setAll(latencies, number -> worker.began(number) - called[number]);
    return latencies;
  }

  /** In milliseconds, by nearest rank. */
  private static double percentile(long[] sorted, double fraction) {
    int rank = (int) Math.ceil(fraction * sorted.length);
    return sorted[Math.max(rank, 1) - 1] / 1e3;
  }
}
