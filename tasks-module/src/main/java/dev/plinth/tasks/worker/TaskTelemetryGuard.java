package dev.plinth.tasks.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the host's telemetry, and lets no failure of it reach the worker. Thread-safe. */
final class TaskTelemetryGuard implements TaskTelemetry {

  private static final Logger LOG = LoggerFactory.getLogger(TaskTelemetryGuard.class);

  private final TaskTelemetry telemetry;
  private final AtomicBoolean failed = new AtomicBoolean();

  TaskTelemetryGuard(TaskTelemetry telemetry) {
    this.telemetry = telemetry;
  }

  @Override
  public void attemptEnded(String definition, String outcome, Duration waited, Duration took) {
    tell(listener -> listener.attemptEnded(definition, outcome, waited, took));
  }

  @Override
  public void leaseLost(String definition) {
    tell(listener -> listener.leaseLost(definition));
  }

  @Override
  public void handlerAbandoned(String definition) {
    tell(listener -> listener.handlerAbandoned(definition));
  }

  @Override
  public void claimed(int count) {
    tell(listener -> listener.claimed(count));
  }

  @Override
  public void recovered(int count) {
    tell(listener -> listener.recovered(count));
  }

  @Override
  public void unhandled(String handler) {
    tell(listener -> listener.unhandled(handler));
  }

  /**
   * Also errors: a missing class is the host's own, and a thread of the worker that ended with one
   * would leave tasks unwritten. Loud once, because there may be thousands a second.
   */
  private void tell(Consumer<TaskTelemetry> what) {
    try {
      what.accept(telemetry);
    } catch (Throwable e) {
      if (failed.compareAndSet(false, true)) {
        LOG.warn("The host's telemetry of tasks failed; further failures are logged at debug", e);
      } else {
        LOG.debug("The host's telemetry of tasks failed", e);
      }
    }
  }
}
