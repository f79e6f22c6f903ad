package dev.plinth.tasks.worker;

import dev.plinth.base.error.Require;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Timers and counters in a registry of Micrometer's, whose {@code micrometer-core} the host brings
 * along:
 *
 * <ul>
 *   <li>the timers {@code plinth.tasks.attempts} and {@code plinth.tasks.waits}, by {@code
 *       definition} and {@code outcome}: how long attempts took, and how long they had waited;
 *   <li>the counters {@code plinth.tasks.claimed}, {@code plinth.tasks.recovered}, {@code
 *       plinth.tasks.leases.lost} and {@code plinth.tasks.handlers.abandoned}, the last two by
 *       {@code definition}, and {@code plinth.tasks.unhandled}, by {@code handler}.
 * </ul>
 *
 * Names of definitions and handlers are made up by organizations: those beyond a number share the
 * label {@code other}. Thread-safe.
 */
public final class MicrometerTaskTelemetry implements TaskTelemetry {

  /** How many definitions, and how many handlers, have a label of their own. */
  public static final int MOST_LABELS = 100;

  private static final String OTHER = "other";

  private final MeterRegistry registry;
  private final int most;
  private final Set<String> definitions = ConcurrentHashMap.newKeySet();
  private final Set<String> handlers = ConcurrentHashMap.newKeySet();

  /** Measures into {@code registry}. */
  public MicrometerTaskTelemetry(MeterRegistry registry) {
    this(registry, MOST_LABELS);
  }

  /**
   * Measures into {@code registry}.
   *
   * @param most how many definitions, and how many handlers, have a label of their own: those that
   *     come first
   */
  public MicrometerTaskTelemetry(MeterRegistry registry, int most) {
    this.registry = registry;
    this.most = Require.between("most", most, 0, Integer.MAX_VALUE);
  }

  @Override
  public void attemptEnded(String definition, String outcome, Duration waited, Duration took) {
    Tags tags = definition(definition).and("outcome", outcome);
    Timer.builder("plinth.tasks.attempts").tags(tags).register(registry).record(took);
    Timer.builder("plinth.tasks.waits").tags(tags).register(registry).record(waited);
  }

  @Override
  public void leaseLost(String definition) {
    count("plinth.tasks.leases.lost", definition(definition), 1);
  }

  @Override
  public void handlerAbandoned(String definition) {
    count("plinth.tasks.handlers.abandoned", definition(definition), 1);
  }

  @Override
  public void claimed(int count) {
    count("plinth.tasks.claimed", Tags.empty(), count);
  }

  @Override
  public void recovered(int count) {
    count("plinth.tasks.recovered", Tags.empty(), count);
  }

  @Override
  public void unhandled(String handler) {
    count("plinth.tasks.unhandled", Tags.of("handler", label(handlers, handler)), 1);
  }

  private void count(String name, Tags tags, int count) {
    Counter.builder(name).tags(tags).register(registry).increment(count);
  }

  private Tags definition(String name) {
    return Tags.of("definition", label(definitions, name));
  }

  private String label(Set<String> known, String name) {
    if (known.contains(name)) {
      return name;
    }
    synchronized (known) {
      return known.size() < most && known.add(name) || known.contains(name) ? name : OTHER;
    }
  }
}
