package dev.plinth.tasks;

import dev.plinth.base.module.PlinthModule;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.queue.Tasks;

/**
 * Tasks that workers execute, and the board, chat and triage of the people who do the rest. Depends
 * on base alone; thread-safe.
 */
public final class TasksModule implements PlinthModule {

  private final TaskDefinitions taskDefinitions = new TaskDefinitions();
  private final Tasks tasks = new Tasks();

  @Override
  public String name() {
    return "tasks";
  }

  /** The kinds of tasks that an organization has. */
  public TaskDefinitions taskDefinitions() {
    return taskDefinitions;
  }

  /** Work that programs do. */
  public Tasks tasks() {
    return tasks;
  }
}
