package dev.plinth.tasks;

import dev.plinth.base.job.Job;
import dev.plinth.base.module.PlinthModule;
import dev.plinth.tasks.board.DelayDetection;
import dev.plinth.tasks.board.WorkItemDependencies;
import dev.plinth.tasks.board.WorkItems;
import dev.plinth.tasks.flow.Flow;
import dev.plinth.tasks.flow.Forecasts;
import java.util.List;

/**
 * Tasks that workers execute, and the board, chat and triage of the people who do the rest. Depends
 * on base alone; thread-safe.
 */
public final class TasksModule implements PlinthModule {

  private final WorkItems workItems = new WorkItems();
  private final WorkItemDependencies workItemDependencies = new WorkItemDependencies();
  private final Flow flow = new Flow();
  private final Forecasts forecasts = new Forecasts();

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

  /** How work went over the board. */
  public Flow flow() {
    return flow;
  }

  /** When work will be finished. */
  public Forecasts forecasts() {
    return forecasts;
  }
}
