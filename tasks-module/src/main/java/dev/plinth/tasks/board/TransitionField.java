package dev.plinth.tasks.board;

/** What of a work item a transition changed. */
public enum TransitionField {
  /** The item was made: everything is as it was then. */
  CREATED,
  STATUS,
  ROLE,
  ASSIGNEE,
  START,
  END,
  POINTS,
  PROJECT,
  DELETED
}
