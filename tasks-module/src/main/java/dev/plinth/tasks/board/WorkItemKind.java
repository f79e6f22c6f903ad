package dev.plinth.tasks.board;

/** What kind of work an item is, for life: stories are part of epics, tasks of either. */
public enum WorkItemKind {
  EPIC,
  STORY,
  TASK
}
