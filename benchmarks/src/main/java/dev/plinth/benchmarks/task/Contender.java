package dev.plinth.benchmarks.task;

import java.sql.SQLException;
import java.util.function.IntConsumer;

/** One way to run jobs, on a database of its own. A job is a number. */
interface Contender extends AutoCloseable {

  /** Makes its schema in the empty database; the first of several processes does it. */
  void setUp() throws SQLException;

  /** Enqueues one job in a transaction of its own; called by many threads at once. */
  void enqueue(int number) throws SQLException;

  /** Enqueues jobs 0 to {@code jobs - 1} in the fastest way that it offers. */
  void enqueueAll(int jobs) throws SQLException;

  /**
   * Fills the queue before it is drained.
   *
   * @throws UnsupportedOperationException if it has no notion of what the workload asks for
   */
  default void fill(Workload workload, Scale scale) throws SQLException {
    if (workload != Workload.ONE_QUEUE) {
      throw new UnsupportedOperationException(workload + " is unknown to " + this);
    }
    enqueueAll(scale.of(workload.jobs()));
  }

  /**
   * Starts one worker with the contender's concurrency, and returns once it looks for jobs.
   *
   * @param job what a job does; called by many threads at once
   */
  void start(IntConsumer job) throws SQLException;

  /** How many jobs are not recorded as complete. */
  long unfinished() throws SQLException;

  /** Refuses a figure of an enqueue that left something out. */
  default void requireUnfinished(long jobs) throws SQLException {
    long unfinished = unfinished();
    if (unfinished != jobs) {
      throw new IllegalStateException("%d jobs are there, not %d".formatted(unfinished, jobs));
    }
  }

  /** Stops the worker and closes its connections. */
  @Override
  void close();
}
