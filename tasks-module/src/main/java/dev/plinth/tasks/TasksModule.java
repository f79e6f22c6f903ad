package dev.plinth.tasks;

import dev.plinth.base.job.Job;
import dev.plinth.base.module.PlinthModule;
import dev.plinth.tasks.board.DelayDetection;
import dev.plinth.tasks.board.WorkItemDependencies;
import dev.plinth.tasks.board.WorkItems;
import java.util.List;

/**
 * Tasks that workers execute, and the board, chat and triage of the people who do the rest. Depends
 * on base alone; thread-safe.
 */
public final class TasksModule implements PlinthModule {

  private final WorkItems workItems = new WorkItems();
  private final WorkItemDependencies workItemDependencies = new WorkItemDependencies();

  @Override
  public String name() {
    return "tasks";
  }

  @Override
  public List<Job> jobs() {
    return List.of(new DelayDetection().job());
  }

  /** What people do, on a board. */
  public WorkItems workItems() {
    return workItems;
  }

  /** Which work items wait for which. */
  public WorkItemDependencies workItemDependencies() {
    return workItemDependencies;
  }
}
