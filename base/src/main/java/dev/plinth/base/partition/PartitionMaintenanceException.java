package dev.plinth.base.partition;

import dev.plinth.base.error.PlinthException;
import java.util.List;
import java.util.stream.Collectors;

/** Partitions that could not be made or dropped; those of other tables were. */
public final class PartitionMaintenanceException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final PartitionChange[] failed;

  /** Reports what failed. */
  public PartitionMaintenanceException(List<PartitionChange> failed) {
    super(
        failed.stream()
            .map(change -> change.table() + ": " + change.reason().orElse("unknown"))
            .distinct()
            .collect(Collectors.joining("; ", "Partitions are left for the next time: ", "")),
        null);
    this.failed = failed.toArray(PartitionChange[]::new);
  }

  /** What failed. */
  public List<PartitionChange> failed() {
    return List.of(failed);
  }
}
