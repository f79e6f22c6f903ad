package dev.plinth.tasks.worker;

import dev.plinth.base.error.InvalidValueException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** What an attempt leaves behind besides its result: lines, amounts, progress. */
final class Trail {

  private final TaskLog log;
  private final TaskConsumption usage = new TaskConsumption();
  private @Nullable Progress progress;
  private @Nullable Measured measured;

  /** Nothing so far; what {@link System#nanoTime()} shows becomes the database's time. */
  Trail(LongFunction<Instant> clock) {
    this.log = new TaskLog(clock);
  }

  /** How far it is, in percent. */
  record Progress(double percent, String message) {

    private static final int MESSAGE_LENGTH = 500;

    static Progress of(double percent, String message) {
      if (!(percent >= 0 && percent <= 100)) {
        throw new InvalidValueException("percent", "must be between 0 and 100");
      }
      return new Progress(percent, Failure.cut(message, MESSAGE_LENGTH));
    }
  }

  /**
   * What the worker measured of the handler's thread.
   *
   * @param cpuMillis -1 where the JVM does not say
   * @param bytes allocated; -1 where the JVM does not say
   */
  record Measured(long wallMillis, long cpuMillis, long bytes) {}

  TaskLog log() {
    return log;
  }

  TaskConsumption usage() {
    return usage;
  }

  synchronized void progress(Progress now) {
    progress = now;
  }

  /** What was said since this was last asked. */
  synchronized Optional<Progress> takeProgress() {
    Optional<Progress> taken = Optional.ofNullable(progress);
    progress = null;
    return taken;
  }

  /** What was said last and not asked for. */
  synchronized Optional<Progress> lastProgress() {
    return Optional.ofNullable(progress);
  }

  synchronized void measured(Measured now) {
    measured = now;
  }

  synchronized Optional<Measured> measured() {
    return Optional.ofNullable(measured);
  }

  /** Whether the handler said something that was not written. */
  synchronized boolean hasNews() {
    return progress != null || log.hasLines();
  }
}
