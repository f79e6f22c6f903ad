package dev.plinth.base.job;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Something that a module has done again and again: once a period in the whole cluster, however
 * many hosts there are. A run that was due while no host was up is made up for once.
 *
 * @param name the module, a dot, and what it does in lower-case letters, digits and hyphens, at
 *     most 100 characters: {@code base.notification-retention}
 * @param every from the beginning of one run to that of the next, in steps in which hosts look;
 *     also the longest wait after a failure
 * @param timeLimit when a run is told to stop, and its lease is extended no more; what ends all the
 *     same, throwing nothing and without having asked {@link JobRun#stopping()}, is done unless
 *     another host took over meanwhile
 * @param work what is done
 */
public record Job(String name, Duration every, Duration timeLimit, JobWork work) {

  /** When a run is told to stop, unless the job says otherwise. */
  public static final Duration TIME_LIMIT = Duration.ofHours(1);

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*\\.[a-z][a-z0-9-]*");
  private static final int NAME_LENGTH = 100;

  /** Checks the components. */
  public Job {
    if (!NAME.matcher(Require.text("name", name, NAME_LENGTH)).matches()) {
      throw new InvalidValueException("name", "of a job must be <module>.<what-it-does>: " + name);
    }
    Require.positive("every", every);
    Require.positive("timeLimit", timeLimit);
  }

  /** A job with the usual time limit. */
  public static Job of(String name, Duration every, JobWork work) {
    return new Job(name, every, TIME_LIMIT, work);
  }

  /** The same with another time limit. */
  public Job atMost(Duration limit) {
    return new Job(name, every, limit, work);
  }
}
