package dev.plinth.tasks.workflow;

/** Where a run is in its life. */
public enum RunStatus {
  /** Something of it waits or runs. */
  RUNNING,
  /** Everything succeeded, was skipped, or failed as the graph provides for. */
  SUCCEEDED,
  /** Something failed that nothing provides for; or undoing failed. */
  FAILED,
  /** Somebody cancelled it. */
  CANCELLED,
  /** What succeeded is being undone. */
  COMPENSATING,
  /** What succeeded was undone. */
  COMPENSATED;

  /** Whether nothing happens to it any more, unless it is replayed. */
  public boolean isOver() {
    return this != RUNNING && this != COMPENSATING;
  }
}
