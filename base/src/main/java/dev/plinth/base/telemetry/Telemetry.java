package dev.plinth.base.telemetry;

import java.time.Duration;

/**
 * Hears what a host may want to measure. Called on the thread that did the work, after its end;
 * must be thread-safe and quick. What it throws is logged and changes nothing, unless it is a
 * {@link VirtualMachineError}. No tenant is named: as a label of a metric, there would be too many.
 */
public interface Telemetry {

  /** Measures nothing, and costs nothing. */
  Telemetry NONE = new Telemetry() {};

  /** A transaction ended, or the part that Plinth took in one of the host's. */
  default void transactionEnded(TransactionEnd end) {}

  /**
   * A statement took longer than the threshold that the host named.
   *
   * @param took until the server answered; without the rows that were fetched later
   */
  default void statementWasSlow(Duration took) {}

  /**
   * A background job ran once.
   *
   * @param job its name
   * @param succeeded whether it came to its end
   */
  default void jobEnded(String job, boolean succeeded, Duration took) {}
}
