package dev.plinth.tasks.board;

/** Where a work item stands in its life; the database enforces the same transitions. */
public enum WorkItemStatus {
  /** Not begun, or put back. */
  TODO,
  /** Begun, and not finished. */
  IN_PROGRESS,
  /** Finished; it may be taken up again. */
  DONE,
  /** Not to be done; it counts neither as open nor as finished, and may be revived. */
  CANCELLED;

  /** Whether {@code next} may follow; staying is no transition. */
  public boolean canBecome(WorkItemStatus next) {
    return switch (this) {
      case TODO -> next == IN_PROGRESS || next == CANCELLED;
      case IN_PROGRESS -> next == TODO || next == DONE || next == CANCELLED;
      case DONE -> next == IN_PROGRESS;
      case CANCELLED -> next == TODO;
    };
  }

  /** Whether something is still to be done. */
  public boolean isOpen() {
    return this == TODO || this == IN_PROGRESS;
  }
}
