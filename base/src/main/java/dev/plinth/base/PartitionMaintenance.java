package dev.plinth.base;

import dev.plinth.base.job.Job;
import dev.plinth.base.job.JobRun;
import dev.plinth.base.partition.PartitionChange;
import dev.plinth.base.partition.PartitionMaintenanceException;
import dev.plinth.base.partition.PartitionOutcome;
import dev.plinth.base.partition.Partitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The job that makes partitions ahead of time and drops those that retention is through with. */
final class PartitionMaintenance {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionMaintenance.class);

  /** Often, so that what failed for a lock is soon made up for; mostly there is nothing to do. */
  private static final Duration EVERY = Duration.ofHours(1);

  private final Partitions partitions = new Partitions();

  Job job() {
    return Job.of("base.partition-maintenance", EVERY, this::run);
  }

  private void run(JobRun run) {
    List<PartitionChange> failed =
        new ArrayList<>(failures(run.asSystem().call(partitions::ensure)));
    List<PartitionChange> changes;
    do {
      changes = run.asSystem().call(partitions::dropExpired);
      failed.addAll(failures(changes));
    } while (changes.stream().anyMatch(change -> change.outcome() == PartitionOutcome.DROPPED)
        && !run.stopping());
    if (!failed.isEmpty()) {
      throw new PartitionMaintenanceException(failed);
    }
  }

  private static List<PartitionChange> failures(List<PartitionChange> changes) {
    changes.forEach(change -> LOG.info("{}", change));
    return changes.stream().filter(change -> change.outcome() == PartitionOutcome.FAILED).toList();
  }
}
