package dev.plinth.tasks.triage;

/** Where a triage item stands in its life; the database enforces the same transitions. */
public enum TriageStatus {
  /** Nobody looks at it yet, or any more. */
  PENDING,
  /** Somebody looks at it. */
  IN_REVIEW,
  /** Something came of it, which its resolution says; it may be reopened. */
  RESOLVED,
  /** Nothing is to come of it; it may be reopened. */
  REJECTED;

  /** Whether {@code next} may follow; staying is no transition. */
  public boolean canBecome(TriageStatus next) {
    return switch (this) {
      case PENDING -> next != PENDING;
      case IN_REVIEW -> next != IN_REVIEW;
      case RESOLVED, REJECTED -> next == PENDING;
    };
  }

  /** Whether somebody still has to look. */
  public boolean isOpen() {
    return this == PENDING || this == IN_REVIEW;
  }
}
