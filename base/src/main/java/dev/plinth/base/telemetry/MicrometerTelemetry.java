package dev.plinth.base.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/**
 * Timers in a registry of Micrometer's, whose {@code micrometer-core} the host brings along:
 *
 * <ul>
 *   <li>{@code plinth.transactions}, by {@code kind} (tenant, system), {@code mode} (write, read,
 *       replica, join), {@code outcome} (success, failure) and {@code exception} (the simple name
 *       of its class, or none);
 *   <li>{@code plinth.statements.slow};
 *   <li>{@code plinth.jobs}, by {@code job} and {@code outcome}.
 * </ul>
 */
public final class MicrometerTelemetry implements Telemetry {

  private final MeterRegistry registry;

  /** Measures into {@code registry}. */
  public MicrometerTelemetry(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void transactionEnded(TransactionEnd end) {
    Tags tags =
        Tags.of(tag("kind", end.kind()), tag("mode", end.mode()))
            .and(outcome(end.failure().isEmpty()))
            .and("exception", end.failure().map(e -> e.getClass().getSimpleName()).orElse("none"));
    record("plinth.transactions", tags, end.took());
  }

  @Override
  public void statementWasSlow(Duration took) {
    record("plinth.statements.slow", Tags.empty(), took);
  }

  @Override
  public void jobEnded(String job, boolean succeeded, Duration took) {
    record("plinth.jobs", Tags.of("job", job).and(outcome(succeeded)), took);
  }

  private void record(String name, Tags tags, Duration took) {
    Timer.builder(name).tags(tags).register(registry).record(took);
  }

  private static Tag outcome(boolean success) {
    return Tag.of("outcome", success ? "success" : "failure");
  }

  private static Tag tag(String name, Enum<?> value) {
    return Tag.of(name, value.name().toLowerCase(Locale.ROOT));
  }
}
