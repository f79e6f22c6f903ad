package dev.plinth.projects.project;

import java.util.EnumSet;
import java.util.Set;

/** Where a project stands in its life; the database enforces the same transitions. */
public enum ProjectStatus {
  PLANNING,
  ACTIVE,
  ON_HOLD,
  COMPLETED,
  CANCELLED,
  /** The end: kept for the record. */
  ARCHIVED;

  private static final Set<ProjectStatus> FIRST = EnumSet.of(PLANNING, ACTIVE);

  /** Whether {@code next} may follow; staying is no transition. */
  public boolean canBecome(ProjectStatus next) {
    return switch (this) {
      case PLANNING -> next == ACTIVE || next == CANCELLED;
      case ACTIVE -> next == ON_HOLD || next == COMPLETED || next == CANCELLED;
      case ON_HOLD -> next == ACTIVE || next == COMPLETED || next == CANCELLED;
      case COMPLETED, CANCELLED -> next == ARCHIVED;
      case ARCHIVED -> false;
    };
  }

  /** Whether a new project may begin so. */
  public boolean canBeFirst() {
    return FIRST.contains(this);
  }
}
