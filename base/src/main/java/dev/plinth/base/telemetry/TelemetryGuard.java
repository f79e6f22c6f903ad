package dev.plinth.base.telemetry;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the host's telemetry, and lets no failure of it reach the work. Thread-safe. */
public final class TelemetryGuard {

  private static final Logger LOG = LoggerFactory.getLogger(TelemetryGuard.class);

  private final Telemetry telemetry;

  /** Guards one. */
  public TelemetryGuard(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  /** Does the work of a transaction, and tells how it ended; where nobody listens, just does it. */
  public <T extends @Nullable Object, X extends Exception> T timed(
      TransactionEnd.Kind kind, TransactionEnd.Mode mode, Timed<T, X> work) throws X {
    if (telemetry == Telemetry.NONE) {
      return work.run();
    }
    long begun = System.nanoTime();
    Throwable failure = null;
    try {
      return work.run();
    } catch (Throwable e) {
      failure = e;
      throw e;
    } finally {
      TransactionEnd end = new TransactionEnd(kind, mode, since(begun), failure);
      tell(listener -> listener.transactionEnded(end));
    }
  }

  /** Tells that a statement took longer than the host's threshold. */
  public void slow(Duration took) {
    tell(listener -> listener.statementWasSlow(took));
  }

  /** Tells that a background job ran. */
  public void job(String job, boolean succeeded, Duration took) {
    tell(listener -> listener.jobEnded(job, succeeded, took));
  }

  /**
   * A missing class or a failed assertion of the host's is as much its own as an exception, and the
   * transaction has ended: only what the whole process must hear of goes on.
   */
  private void tell(Consumer<Telemetry> what) {
    try {
      what.accept(telemetry);
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      LOG.warn("The host's telemetry failed", e);
    }
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /**
   * What is timed.
   *
   * @param <T> its result
   * @param <X> what it throws
   */
  @FunctionalInterface
  public interface Timed<T extends @Nullable Object, X extends Exception> {

    /** Does it. */
    T run() throws X;
  }
}
