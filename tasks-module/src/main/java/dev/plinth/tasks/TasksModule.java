package dev.plinth.tasks;

import dev.plinth.base.module.PlinthModule;
import dev.plinth.tasks.workflow.TaskDependencies;
import dev.plinth.tasks.workflow.WorkflowRuns;
import dev.plinth.tasks.workflow.Workflows;

/**
 * Tasks that workers execute, and the board, chat and triage of the people who do the rest. Depends
 * on base alone; thread-safe.
 */
public final class TasksModule implements PlinthModule {

  private final TaskDependencies taskDependencies = new TaskDependencies();
  private final Workflows workflows = new Workflows();
  private final WorkflowRuns workflowRuns = new WorkflowRuns();

  @Override
  public String name() {
    return "tasks";
  }

  /** Which tasks wait for which. */
  public TaskDependencies taskDependencies() {
    return taskDependencies;
  }

  /** Graphs of tasks that are begun as one. */
  public Workflows workflows() {
    return workflows;
  }

  /** Runs of workflows. */
  public WorkflowRuns workflowRuns() {
    return workflowRuns;
  }
}
