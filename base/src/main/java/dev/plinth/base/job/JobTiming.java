package dev.plinth.base.job;

import dev.plinth.base.error.Require;
import java.time.Duration;

/**
 * How a host attends to jobs.
 *
 * @param polling how often it looks whether one is due
 * @param lease how long a run is left alone by other hosts after a sign of life; there are four of
 *     them in that time
 * @param closing how long {@code close()} waits for what is running
 */
public record JobTiming(Duration polling, Duration lease, Duration closing) {

  /** What holds unless the host says otherwise: a lost run is taken over within 25 seconds. */
  public static final JobTiming DEFAULT =
      new JobTiming(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20));

  /** Checks the components. */
  public JobTiming {
    Require.positive("polling", polling);
    Require.positive("lease", lease);
    Require.positive("closing", closing);
  }

  /** The same, looking more or less often. */
  public JobTiming polling(Duration time) {
    return new JobTiming(time, lease, closing);
  }

  /** The same, waiting longer or shorter. */
  public JobTiming closing(Duration time) {
    return new JobTiming(polling, lease, time);
  }
}
