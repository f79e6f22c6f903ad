package dev.plinth.tasks;

import dev.plinth.base.module.PlinthModule;

/**
 * Tasks that workers execute, and the board, chat and triage of the people who do the rest. Depends
 * on base alone; thread-safe.
 */
public final class TasksModule implements PlinthModule {

  @Override
  public String name() {
    return "tasks";
  }
}
