package dev.plinth.tasks.workflow;

import dev.plinth.base.error.PlinthException;

/** The nodes and edges of a workflow do not fit together. */
public final class InvalidWorkflowException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String workflow;
  private final String problem;

  /** Reports it with its facts. */
  public InvalidWorkflowException(String workflow, String problem) {
    super("workflow " + workflow + " " + problem, null);
    this.workflow = workflow;
    this.problem = problem;
  }

  /** The name of the workflow. */
  public String workflow() {
    return workflow;
  }

  /** What is wrong, with the names of nodes. */
  public String problem() {
    return problem;
  }
}
