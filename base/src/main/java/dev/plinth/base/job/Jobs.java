package dev.plinth.base.job;

import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.tenancy.SystemTx;
import java.util.List;

/**
 * How the background jobs are doing. They run after {@code Plinth.start()}, once a period in the
 * whole cluster. Thread-safe.
 */
public final class Jobs {

  private final JobRunner runner;

  /** Those that a runner knows. */
  public Jobs(JobRunner runner) {
    this.runner = runner;
  }

  /** Every job that was ever known to a host of this database, by name. */
  public List<JobState> states(SystemTx tx) {
    return runner.states(tx);
  }

  /**
   * Runs a job on this thread, due or not, whether Plinth was started or not; outside of any
   * transaction. It holds the job's lease meanwhile, and the next period begins with it.
   *
   * @return how the job is doing afterwards
   * @throws NotFoundException if no module of this host has such a job
   * @throws JobRunningException if it is being run, here or elsewhere
   * @throws JobFailedException if it was not done; that is recorded like that of any other run
   * @throws PlinthClosedException after {@code Plinth.close()}
   */
  public JobState runNow(String name) {
    return runner.runNow(name);
  }
}
