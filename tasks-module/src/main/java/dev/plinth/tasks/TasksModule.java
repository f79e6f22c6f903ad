package dev.plinth.tasks;

import dev.plinth.base.background.BackgroundWork;
import dev.plinth.base.job.Job;
import dev.plinth.base.module.PlinthModule;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.queue.TaskQueues;
import dev.plinth.tasks.queue.TaskRetention;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.tasks.worker.WorkerBuilder;
import dev.plinth.tasks.worker.Workers;
import dev.plinth.tasks.workflow.TaskDependencies;
import dev.plinth.tasks.workflow.WorkflowRuns;
import dev.plinth.tasks.workflow.Workflows;
import java.util.List;

/**
 * Tasks that workers execute, and the board, chat and triage of the people who do the rest. Depends
 * on base alone; thread-safe.
 */
public final class TasksModule implements PlinthModule {

  private final Workers workers = new Workers();
  private final TaskDefinitions taskDefinitions = new TaskDefinitions();
  private final Tasks tasks = new Tasks();
  private final TaskQueues taskQueues = new TaskQueues();
  private final TaskDependencies taskDependencies = new TaskDependencies();
  private final Workflows workflows = new Workflows();
  private final WorkflowRuns workflowRuns = new WorkflowRuns();

  @Override
  public String name() {
    return "tasks";
  }

  @Override
  public List<BackgroundWork> backgroundWork() {
    return List.of(workers);
  }

  /** Begins to describe who does tasks in this host. */
  public WorkerBuilder worker() {
    return workers.describe();
  }

  @Override
  public List<Job> jobs() {
    return List.of(new TaskRetention().job());
  }

  /** The kinds of tasks that an organization has. */
  public TaskDefinitions taskDefinitions() {
    return taskDefinitions;
  }

  /** Work that programs do. */
  public Tasks tasks() {
    return tasks;
  }

  /** Where they wait. */
  public TaskQueues taskQueues() {
    return taskQueues;
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
