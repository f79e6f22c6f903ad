package dev.plinth.tasks.worker;

import java.time.Duration;

/**
 * Hears what a host may want to measure of its workers. Called on threads of the worker; must be
 * thread-safe and quick. What it throws is logged and changes nothing. No tenant is named: as a
 * label of a metric, there would be too many.
 */
public interface TaskTelemetry {

  /** Measures nothing, and costs nothing. */
  TaskTelemetry NONE = new TaskTelemetry() {};

  /**
   * An attempt ended, and that is written.
   *
   * @param definition of what kind
   * @param outcome as {@code task_attempts.outcome}
   * @param waited from when it could have begun
   * @param took from when its handler began
   */
  default void attemptEnded(String definition, String outcome, Duration waited, Duration took) {}

  /** What an attempt came to was refused, because this worker no longer held the task. */
  default void leaseLost(String definition) {}

  /** A handler goes on beyond its end, heeding no interrupt; its thread is left to itself. */
  default void handlerAbandoned(String definition) {}

  /**
   * Tasks were claimed.
   *
   * @param count how many at once
   */
  default void claimed(int count) {}

  /** Leases of workers that are no more ran out, and this worker gave their tasks back. */
  default void recovered(int count) {}

  /** Tasks were put aside, because no function of their name is known here. */
  default void unhandled(String handler) {}
}
