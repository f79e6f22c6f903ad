package dev.plinth.tasks;

import dev.plinth.base.background.BackgroundWork;
import dev.plinth.base.job.Job;
import dev.plinth.base.module.PlinthModule;
import dev.plinth.tasks.board.DelayDetection;
import dev.plinth.tasks.board.WorkItemDependencies;
import dev.plinth.tasks.board.WorkItems;
import dev.plinth.tasks.chat.Channels;
import dev.plinth.tasks.chat.Conversations;
import dev.plinth.tasks.chat.Messages;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.flow.Flow;
import dev.plinth.tasks.flow.Forecasts;
import dev.plinth.tasks.queue.TaskQueues;
import dev.plinth.tasks.queue.TaskRetention;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.tasks.schedule.TaskSchedules;
import dev.plinth.tasks.triage.TriageItems;
import dev.plinth.tasks.worker.WorkerBuilder;
import dev.plinth.tasks.worker.Workers;
import dev.plinth.tasks.workflow.RunRetention;
import dev.plinth.tasks.workflow.TaskDependencies;
import dev.plinth.tasks.workflow.WorkflowRuns;
import dev.plinth.tasks.workflow.Workflows;
import java.util.List;

/**
 * Tasks that workers execute, and the board, chat and triage of the people who do the rest. Depends
 * on base alone; thread-safe.
 */
public final class TasksModule implements PlinthModule {

  private final TaskDefinitions taskDefinitions = new TaskDefinitions();
  private final Tasks tasks = new Tasks();
  private final TaskQueues taskQueues = new TaskQueues();
  private final TaskSchedules taskSchedules = new TaskSchedules();
  private final TaskDependencies taskDependencies = new TaskDependencies();
  private final Workflows workflows = new Workflows();
  private final WorkflowRuns workflowRuns = new WorkflowRuns();
  private final Workers workers = new Workers();
  private final WorkItems workItems = new WorkItems();
  private final WorkItemDependencies workItemDependencies = new WorkItemDependencies();
  private final Flow flow = new Flow();
  private final Forecasts forecasts = new Forecasts();
  private final Channels channels = new Channels();
  private final Conversations conversations = new Conversations();
  private final Messages messages = new Messages();
  private final TriageItems triageItems = new TriageItems();
  private final RunRetention runRetention;

  /** With runs of workflows kept as long as {@link RunRetention} says where nothing is said. */
  public TasksModule() {
    this(new RunRetention());
  }

  /** With runs of workflows kept for so long. */
  public TasksModule(RunRetention runRetention) {
    this.runRetention = runRetention;
  }

  @Override
  public String name() {
    return "tasks";
  }

  @Override
  public List<Job> jobs() {
    return List.of(new TaskRetention().job(), runRetention.job(), new DelayDetection().job());
  }

  @Override
  public List<BackgroundWork> backgroundWork() {
    return List.of(workers);
  }

  /** Begins to describe who does tasks in this host. */
  public WorkerBuilder worker() {
    return workers.describe();
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

  /** When they recur. */
  public TaskSchedules taskSchedules() {
    return taskSchedules;
  }

  /** Which tasks wait for which. */
  public TaskDependencies taskDependencies() {
    return taskDependencies;
  }

  /** Graphs of tasks that an organization has. */
  public Workflows workflows() {
    return workflows;
  }

  /** Workflows that were begun. */
  public WorkflowRuns workflowRuns() {
    return workflowRuns;
  }

  /** What people do, on a board. */
  public WorkItems workItems() {
    return workItems;
  }

  /** Which work items wait for which. */
  public WorkItemDependencies workItemDependencies() {
    return workItemDependencies;
  }

  /** How work went over the board. */
  public Flow flow() {
    return flow;
  }

  /** When work will be finished. */
  public Forecasts forecasts() {
    return forecasts;
  }

  /** Where an organization talks. */
  public Channels channels() {
    return channels;
  }

  /** What few members have among themselves. */
  public Conversations conversations() {
    return conversations;
  }

  /** What is said in channels and conversations, and how far it was read. */
  public Messages messages() {
    return messages;
  }

  /** What comes in and is to be looked at. */
  public TriageItems triageItems() {
    return triageItems;
  }
}
