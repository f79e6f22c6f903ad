package dev.plinth.tasks.workflow;

import dev.plinth.base.error.Require;
import dev.plinth.base.job.Job;
import dev.plinth.base.job.JobRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The job that deletes runs that were over long ago, with their tasks and what those waited for:
 * one pass over the ids that are old enough, organization by organization. A run of which a task
 * ended later, or has not, or that a task elsewhere that has not ended depends on, stays whole.
 *
 * <p>A run of any size goes in short transactions: first nobody is shown it any more, then its
 * tasks go in batches, then it goes itself. What an interrupted job leaves, the next takes up.
 */
public final class RunRetention {

  /**
   * How long a run is kept that succeeded, was cancelled or was undone, if nothing else is said.
   */
  public static final Duration FINISHED = Duration.ofDays(30);

  /**
   * How long a run is kept that failed, if nothing else is said: somebody may want to replay it.
   */
  public static final Duration FAILED = Duration.ofDays(90);

  private static final Duration EVERY = Duration.ofHours(1);
  private static final UUID FIRST = new UUID(0, 0);

  private final Duration finished;
  private final Duration failed;
  private final RunRetentionQueries queries = new RunRetentionQueries();

  /** With the usual times. */
  public RunRetention() {
    this(FINISHED, FAILED);
  }

  /**
   * With times that the host chooses.
   *
   * @param finished how long a run is kept that succeeded, was cancelled or was undone
   * @param failed how long one is kept that failed
   * @throws dev.plinth.base.error.InvalidValueException if one of them is not positive
   */
  public RunRetention(Duration finished, Duration failed) {
    this.finished = Require.positive("finished", finished);
    this.failed = Require.positive("failed", failed);
  }

  /** What the module has done in the background. */
  public Job job() {
    return Job.of("tasks.run-retention", EVERY, this::run);
  }

  private void run(JobRun run) {
    Instant now = run.startedAt();
    RunRetentionQueries.Old old =
        new RunRetentionQueries.Old(now, now.minus(finished), now.minus(failed));
    for (UUID organization : run.asSystem().call(queries::organizations)) {
      pass(run, organization, old);
    }
  }

  private void pass(JobRun run, UUID organization, RunRetentionQueries.Old old) {
    List<UUID> seen = mark(run, organization, FIRST, old);
    while (!seen.isEmpty()) {
      delete(run, organization, seen);
      seen = mark(run, organization, seen.get(seen.size() - 1), old);
    }
  }

  /** What it looked at next; nothing where it is to stop. */
  private List<UUID> mark(JobRun run, UUID organization, UUID after, RunRetentionQueries.Old old) {
    return run.stopping()
        ? List.of()
        : run.asSystem().call(tx -> queries.mark(tx, organization, after, old));
  }

  private void delete(JobRun run, UUID organization, List<UUID> runs) {
    boolean more = true;
    while (more && !run.stopping()) {
      more = run.asSystem().call(tx -> queries.delete(tx, organization, runs));
    }
  }
}
