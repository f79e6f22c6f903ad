package dev.plinth.projects.feature;

/** Where a feature request stands in its life; the database enforces the same transitions. */
public enum FeatureStatus {
  PROPOSED,
  PLANNED,
  IN_PROGRESS,
  IN_REVIEW,
  /** Done; it may be taken up again. */
  COMPLETED,
  /** Not to be done; it may be proposed again. */
  REJECTED;

  /** Whether {@code next} may follow; staying is no transition. */
  public boolean canBecome(FeatureStatus next) {
    return switch (this) {
      case PROPOSED -> next == PLANNED || next == REJECTED;
      case PLANNED -> next == IN_PROGRESS || next == REJECTED;
      case IN_PROGRESS -> next == PLANNED || next == IN_REVIEW || next == REJECTED;
      case IN_REVIEW -> next == IN_PROGRESS || next == COMPLETED || next == REJECTED;
      case COMPLETED -> next == IN_PROGRESS;
      case REJECTED -> next == PROPOSED;
    };
  }

  /** Whether something is still to be done or decided. */
  public boolean isOpen() {
    return this != COMPLETED && this != REJECTED;
  }
}
