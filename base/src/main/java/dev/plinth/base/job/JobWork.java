package dev.plinth.base.job;

/** What a {@link Job} does each time. */
@FunctionalInterface
public interface JobWork {

  /**
   * Does it, in as many transactions as it likes. What was committed before it fails or its host
   * dies is there when it runs again, so it does what is left and does no harm twice.
   *
   * @throws Exception if it failed; it is tried again
   */
  void run(JobRun run) throws Exception;
}
