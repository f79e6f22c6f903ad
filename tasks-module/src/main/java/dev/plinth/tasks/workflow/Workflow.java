package dev.plinth.tasks.workflow;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A graph of tasks that is begun as one.
 *
 * @param nodes each after all that it waits for
 * @param version counts the changes; a run says which it is of
 */
public record Workflow(
    UUID organizationId,
    UUID id,
    String name,
    WorkflowKind kind,
    FailurePolicy failurePolicy,
    List<Node> nodes,
    List<Edge> edges,
    Instant createdAt,
    Instant updatedAt,
    int version) {

  /** What was said to define it, with the nodes in order. */
  public NewWorkflow definition() {
    return new NewWorkflow(name, kind, failurePolicy, nodes, edges);
  }
}
