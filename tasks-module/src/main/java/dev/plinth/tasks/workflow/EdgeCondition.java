package dev.plinth.tasks.workflow;

/** What a task waits for, of another. */
public enum EdgeCondition {
  /** That it succeeded. */
  SUCCESS,
  /** That it ended, however: also skipped, cancelled or dead. */
  COMPLETION,
  /** That it is dead. Of several such edges to a task one is enough. */
  FAILURE
}
