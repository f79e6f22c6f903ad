package dev.plinth.benchmarks.task;

import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One worker process drains a filled queue of jobs that do nothing: from the first job that begins
 * to the last that is recorded as complete.
 */
record Drain(Scale scale) implements Scenario {

  private static final long LIMIT = TimeUnit.MINUTES.toNanos(5);

  @Override
  public String name() {
    return "drain";
  }

  @Override
  public String title() {
    return "drain of %,d no-op jobs by one worker process"
        .formatted(scale.of(Workload.ONE_QUEUE.jobs()));
  }

  @Override
  public List<Candidate> candidates() {
    return List.of(
        Candidate.JDBC_DELETE_PER_BATCH,
        Candidate.JDBC_UPDATE_PER_BATCH,
        Candidate.JDBC_DELETE_PER_JOB,
        Candidate.DB_SCHEDULER,
        Candidate.JOBRUNR,
        Candidate.PLINTH,
        Candidate.PLINTH_PER_TASK);
  }

  @Override
  public List<Candidate> baselines() {
    return List.of(Candidate.DB_SCHEDULER, Candidate.JDBC_DELETE_PER_JOB);
  }

  @Override
  public List<Measure> measures() {
    return List.of(Measure.JOBS_A_SECOND);
  }

  @Override
  public List<Double> measure(Candidate candidate) throws Exception {
    return List.of(jobsASecond(candidate, Workload.ONE_QUEUE));
  }

  double jobsASecond(Candidate candidate, Workload workload) throws Exception {
    int jobs = scale.of(workload.jobs());
    try (TestDatabase database = candidate.database();
        Contender contender = candidate.open(candidate.url(database))) {
      contender.setUp();
      contender.fill(workload, scale);
      settle(database);
      return jobs / drain(contender, new Executions(jobs));
    }
  }

  private static double drain(Contender contender, Executions executions) throws Exception {
    contender.start(number -> executions.run());
    executions.await();
    long deadline = System.nanoTime() + LIMIT;
    while (contender.unfinished() > 0) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("All ran, and not all are recorded as complete");
      }
    }
    double seconds = executions.seconds();
    executions.requireExactly();
    return seconds;
  }

  /** Nobody's drain pays for what filling left behind. */
  private static void settle(TestDatabase database) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("VACUUM ANALYZE");
      statement.execute("CHECKPOINT");
    }
  }
}
