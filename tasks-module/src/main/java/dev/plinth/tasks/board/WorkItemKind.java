package dev.plinth.tasks.board;

/** What kind of work an item is, for life: stories are part of epics, tasks of either. */
public enum WorkItemKind {
  EPIC,
  STORY,
  TASK;

  /** Whether an item of this kind may have a part of another; the database enforces the same. */
  public boolean mayHave(WorkItemKind part) {
    return part.compareTo(this) > 0;
  }
}
