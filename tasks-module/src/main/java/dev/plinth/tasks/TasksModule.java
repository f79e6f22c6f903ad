package dev.plinth.tasks;

import dev.plinth.base.background.BackgroundWork;
import dev.plinth.base.job.Job;
import dev.plinth.base.module.PlinthModule;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.queue.TaskQueues;
import dev.plinth.tasks.queue.TaskRetention;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.tasks.schedule.TaskSchedules;
import dev.plinth.tasks.worker.WorkerBuilder;
import dev.plinth.tasks.worker.Workers;
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
  private final TaskSchedules taskSchedules = new TaskSchedules();

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

  /** When they recur. */
  public TaskSchedules taskSchedules() {
    return taskSchedules;
  }
}
