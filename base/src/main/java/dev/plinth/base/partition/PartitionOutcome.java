package dev.plinth.base.partition;

/** What became of a partition. */
public enum PartitionOutcome {
  /** It was made. */
  MADE,
  /** It was dropped. */
  DROPPED,
  /** Nothing was done; the next run tries again. */
  FAILED
}
