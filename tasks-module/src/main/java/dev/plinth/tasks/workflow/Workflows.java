package dev.plinth.tasks.workflow;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.Map;
import java.util.Optional;

/**
 * Graphs of tasks that an organization has by name. A host says them again whenever it starts. A
 * run is of the version that there was when it began. Everybody but viewers may. Thread-safe.
 */
public final class Workflows {

  private static final String WHAT = "workflow";

  private final WorkflowQueries queries = new WorkflowQueries();
  private final RunStarts starts = new RunStarts();

  /**
   * Makes a workflow, or brings the one of that name up to date; what says the same again changes
   * nothing.
   *
   * @return the stored workflow
   * @throws InvalidWorkflowException if nodes and edges do not fit together
   * @throws WorkflowCycleException if a node would wait for itself
   * @throws NotFoundException if the organization has no task definition of a node's
   * @throws AccessDeniedException if who acts is a viewer
   */
  public Workflow define(TenantTx tx, NewWorkflow workflow) {
    tx.requireWriter();
    Graph graph = Graph.of(workflow);
    starts.requireDefinitions(tx, workflow);
    queries.put(tx, workflow, GraphDocument.write(graph));
    return get(tx, workflow.name());
  }

  /**
   * The workflow of a name.
   *
   * @throws NotFoundException if the organization has none, or it was deleted
   */
  public Workflow get(TenantTx tx, String name) {
    return find(tx, name).orElseThrow(() -> new NotFoundException(WHAT, name, null));
  }

  /** The workflow of a name; empty if the organization has none, or it was deleted. */
  public Optional<Workflow> find(TenantTx tx, String name) {
    return queries.find(tx, name);
  }

  /**
   * The workflows, by name, without deleted ones.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Workflow> list(TenantTx tx, PageRequest request) {
    return queries.page(tx, request);
  }

  /**
   * Deletes a workflow softly; runs of it go on.
   *
   * @throws NotFoundException if there is none of that name
   * @throws AccessDeniedException if who acts is a viewer
   */
  public void delete(TenantTx tx, String name) {
    tx.requireWriter();
    if (!queries.delete(tx, name)) {
      throw new NotFoundException(WHAT, name, null);
    }
  }

  /**
   * Begins a run; its tasks become visible to workers when the transaction commits.
   *
   * @param input what every task has in its input, unless its node says otherwise
   * @throws NotFoundException if there is no workflow of that name, or a task definition of it was
   *     deleted
   * @throws AccessDeniedException if who acts is a viewer
   */
  public WorkflowRun start(TenantTx tx, String name, Map<String, Object> input) {
    tx.requireWriter();
    return starts.start(tx, get(tx, name), input);
  }
}
