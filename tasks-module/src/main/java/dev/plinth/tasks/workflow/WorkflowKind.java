package dev.plinth.tasks.workflow;

/** How a workflow was put together. */
public enum WorkflowKind {
  /** One after the other. */
  SEQUENCE,
  /** All at once. */
  PARALLEL,
  /** Any other way without a cycle. */
  DAG
}
