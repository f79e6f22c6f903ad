package dev.plinth.tasks.workflow;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Runs of workflows, and of graphs that no workflow holds. A run ends once, in the transaction that
 * ends the last of its tasks. Thread-safe.
 */
public final class WorkflowRuns {

  private final RunQueries queries = new RunQueries();
  private final RunStarts starts = new RunStarts();

  /**
   * Begins a run of a graph that is not stored as a workflow.
   *
   * @param input what every task has in its input, unless its node says otherwise
   * @throws InvalidWorkflowException if nodes and edges do not fit together
   * @throws WorkflowCycleException if a node would wait for itself
   * @throws NotFoundException if the organization has no task definition of a node's
   * @throws AccessDeniedException if who acts is a viewer
   */
  public WorkflowRun start(TenantTx tx, NewWorkflow graph, Map<String, Object> input) {
    tx.requireWriter();
    return starts.start(tx, graph, input);
  }

  /**
   * Adds nodes, and edges between them, to a run, with the input that the run began with: what a
   * task finds out to be done while it runs. The run does not end before they do. To let earlier
   * nodes wait for them, pass what is returned to {@link TaskDependencies}. Name, kind and policy
   * of {@code part} do not matter, nor does what would undo its nodes.
   *
   * @return of each new node its task
   * @throws IllegalTransitionException if the run is over, or was stopped
   * @throws NotFoundException if there is no such run, or no task definition of a node's
   * @throws InvalidWorkflowException as for {@link #start}
   * @throws WorkflowCycleException as for {@link #start}
   * @throws AccessDeniedException if who acts is a viewer
   */
  public Map<String, UUID> add(TenantTx tx, UUID run, NewWorkflow part) {
    tx.requireWriter();
    starts.add(tx, get(tx, run), part);
    return queries.nodes(tx, run, part.nodes().stream().map(Node::name).toList());
  }

  /**
   * The run of an id.
   *
   * @throws NotFoundException if the organization has none
   */
  public WorkflowRun get(TenantTx tx, UUID id) {
    return queries
        .find(tx, id)
        .orElseThrow(() -> new NotFoundException("workflow_run", id.toString(), null));
  }

  /**
   * Some of the runs, the newest first.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<WorkflowRun> list(TenantTx tx, RunFilter filter, PageRequest request) {
    return queries.page(tx, filter, request);
  }

  /**
   * The tasks of a run, none before what it waits for, but for those that were added later.
   *
   * @throws NotFoundException if there is no such run
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<RunTask> tasks(TenantTx tx, UUID run, PageRequest request) {
    get(tx, run);
    return queries.tasks(tx, run, request);
  }

  /**
   * How far a run is; counts its tasks.
   *
   * @throws NotFoundException if there is no such run
   */
  public RunProgress progress(TenantTx tx, UUID run) {
    get(tx, run);
    return queries.progress(tx, run);
  }

  /**
   * What a run took its time for, first to last: before the task that ended last, the one that
   * ended last of those it waited for, and so on; without those that never began, such as cancelled
   * ones. Of a run that is not over, so far.
   *
   * @throws NotFoundException if there is no such run
   */
  public List<CriticalStep> criticalPath(TenantTx tx, UUID run) {
    return queries.criticalPath(tx, get(tx, run));
  }

  /**
   * Cancels what waits and asks what runs to stop; the run is over when that did. What follows on
   * completion or failure still comes. Nothing is undone.
   *
   * @throws IllegalTransitionException if the run is over, or is being undone
   * @throws NotFoundException if there is no such run
   * @throws AccessDeniedException if who acts is a viewer
   */
  public WorkflowRun cancel(TenantTx tx, UUID run) {
    tx.requireWriter();
    get(tx, run);
    queries.cancel(tx, run);
    return get(tx, run);
  }

  /**
   * Has a run that failed or was cancelled go on: what is dead or was cancelled is done again, with
   * the input that it had; what succeeded is not, and what was skipped is looked at again only if
   * it follows something that is done again.
   *
   * @throws IllegalTransitionException if the run neither failed nor was cancelled, or was undone
   * @throws NotFoundException if there is no such run
   * @throws AccessDeniedException if who acts is a viewer
   */
  public WorkflowRun replay(TenantTx tx, UUID run) {
    tx.requireWriter();
    get(tx, run);
    queries.replay(tx, run, null);
    return get(tx, run);
  }

  /**
   * Has a run that failed or was cancelled go on from one of its nodes: that one is done again, and
   * so is what follows it, unless it succeeded, and whatever the stop of the run cancelled. What
   * else is dead, or was cancelled by somebody, stays so, with what waits for that in vain; the run
   * fails again in the end then.
   *
   * @param node that is dead or was cancelled; of several of that name the newest
   * @throws IllegalTransitionException if the run neither failed nor was cancelled, or was undone,
   *     or if the node succeeded, was skipped, or would wait in vain for another that failed
   * @throws NotFoundException if there is no such run, or no such node in it
   * @throws AccessDeniedException if who acts is a viewer
   */
  public WorkflowRun replay(TenantTx tx, UUID run, String node) {
    tx.requireWriter();
    get(tx, run);
    UUID task = queries.nodes(tx, run, List.of(node)).get(node);
    if (task == null) {
      throw new NotFoundException("workflow_node", node, null);
    }
    queries.replay(tx, run, task);
    return get(tx, run);
  }
}
