package dev.plinth.base;

import dev.plinth.base.invitation.Invitations;
import dev.plinth.base.job.Job;
import dev.plinth.base.job.JobRun;
import dev.plinth.base.notification.Notifications;
import dev.plinth.base.tenancy.SystemTx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The jobs that delete what base has kept for long enough. */
final class Retention {

  /** Often, so that each time there is little to do. */
  private static final Duration EVERY = Duration.ofHours(1);

  /** Small, so that no transaction is long. */
  private static final int BATCH = 1000;

  private final Notifications notifications = new Notifications();
  private final Invitations invitations = new Invitations();

  List<Job> jobs() {
    return List.of(
        Job.of(
            "base.notification-retention",
            EVERY,
            run -> inBatches(run, Notifications.RETENTION, notifications::deleteReadBefore)),
        Job.of(
            "base.invitation-retention",
            EVERY,
            run -> inBatches(run, Invitations.RETENTION, invitations::deleteClosedBefore)));
  }

  /** Deletes at most so many that ended before a time, and says how many. */
  @FunctionalInterface
  private interface Deletion {
    int delete(SystemTx tx, Instant before, int limit);
  }

  private static void inBatches(JobRun run, Duration kept, Deletion deletion) {
    Instant before = run.startedAt().minus(kept);
    int deleted;
    do {
      deleted = run.asSystem().call(tx -> deletion.delete(tx, before, BATCH));
    } while (deleted == BATCH && !run.stopping());
  }
}
