package dev.plinth.projects.feature;

/** What of a feature request a transition changed. */
public enum TransitionField {
  STATUS,
  PRIORITY,
  ASSIGNEE,
  DEADLINE,
  COMPLEXITY,
  PARENT
}
