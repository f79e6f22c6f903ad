package dev.plinth.tasks;

import dev.plinth.base.background.BackgroundWork;
import dev.plinth.base.module.PlinthModule;
import dev.plinth.tasks.worker.WorkerBuilder;
import dev.plinth.tasks.worker.Workers;
import java.util.List;

/**
 * Tasks that workers execute, and the board, chat and triage of the people who do the rest. Depends
 * on base alone; thread-safe.
 */
public final class TasksModule implements PlinthModule {

  private final Workers workers = new Workers();

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
}
