package dev.plinth.tasks.board;

/** What of a work item a transition changed. */
public enum TransitionField {
  /** The item was made: everything is as it was then. */
  CREATED,
  /** Where it stands in its life. */
  STATUS,
  /** Which role it is for. */
  ROLE,
  /** Which member it is for. */
  ASSIGNEE,
  /** When it is planned to begin. */
  START,
  /** When it is planned to end. */
  END,
  /** How big it is. */
  POINTS,
  /** Which project it is of. */
  PROJECT,
  /** It was deleted. */
  DELETED
}
