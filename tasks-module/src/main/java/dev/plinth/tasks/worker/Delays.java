package dev.plinth.tasks.worker;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.time.Duration;

/** How long tasks may be put off. */
final class Delays {

  private static final Duration LONGEST = Duration.ofDays(3650);

  private Delays() {}

  static Duration checked(Duration delay) {
    if (Require.positive("delay", delay).compareTo(LONGEST) > 0) {
      throw new InvalidValueException("delay", "must not be longer than ten years");
    }
    return delay;
  }
}
