package dev.plinth.tasks.workflow;

import dev.plinth.base.error.PlinthException;
import java.util.List;

/** A node of a workflow would wait for itself. */
public final class WorkflowCycleException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String workflow;
  private final String[] path;

  /** Reports it with its facts. */
  public WorkflowCycleException(String workflow, List<String> path) {
    super("workflow " + workflow + " has a cycle: " + String.join(" > ", path), null);
    this.workflow = workflow;
    this.path = path.toArray(String[]::new);
  }

  /** The name of the workflow. */
  public String workflow() {
    return workflow;
  }

  /** A node, each followed by one that waits for it, back to the first. */
  public List<String> path() {
    return List.of(path);
  }
}
