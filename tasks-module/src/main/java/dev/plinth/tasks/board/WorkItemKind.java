package dev.plinth.tasks.board;

/** What kind of work an item is, for life: stories are part of epics, tasks of either. */
public enum WorkItemKind {
  /** What stories and tasks are part of; itself part of nothing. */
  EPIC,
  /** What tasks are part of. */
  STORY,
  /** What nothing is part of. */
  TASK
}
