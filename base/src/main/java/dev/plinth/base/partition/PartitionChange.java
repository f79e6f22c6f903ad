package dev.plinth.base.partition;

import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run did to one partition, or why it could not.
 *
 * @param table whose partition, as {@code schema.table}
 * @param partitionOrNull which one, as {@code schema.table}, or null if the table as a whole failed
 * @param rows of one that was made: how many rows came from the default partition; of one that was
 *     dropped: how many references to its rows were emptied
 * @param reasonOrNull why it failed, or null
 */
public record PartitionChange(
    String table,
    @Nullable String partitionOrNull,
    PartitionOutcome outcome,
    long rows,
    @Nullable String reasonOrNull)
    implements Serializable {

  /** Which partition; empty if the table as a whole failed. */
  public Optional<String> partition() {
    return Optional.ofNullable(partitionOrNull);
  }

  /** Why it failed. */
  public Optional<String> reason() {
    return Optional.ofNullable(reasonOrNull);
  }
}
