package dev.plinth.tasks.workflow;

/**
 * What becomes of a run of which a task is dead or was cancelled, unless an edge of {@link
 * EdgeCondition#FAILURE} leads away from what is dead. The run has failed in any case.
 */
public enum FailurePolicy {
  /** What waits is cancelled, and what runs is asked to stop. */
  STOP,
  /** Only what needs the success of that task is cancelled. */
  CONTINUE,
  /** As {@link #STOP}; then what succeeded is undone, what began last first. */
  COMPENSATE
}
