package dev.plinth.tasks.workflow;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.CycleException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Which tasks wait for which. No task waits for itself, whoever adds what at once. Thread-safe. */
public final class TaskDependencies {

  private final DependencyQueries queries = new DependencyQueries();

  /** As {@link #addAll}, of one. */
  public void add(TenantTx tx, NewDependency dependency) {
    addAll(tx, List.of(dependency));
  }

  /**
   * Lets tasks wait for others. What has ended already counts at once: the successor is ready,
   * skipped or cancelled as if it had waited.
   *
   * @throws NotFoundException if there is no such task
   * @throws IllegalTransitionException if a successor has begun or ended
   * @throws CycleException if a task would wait for itself, with the path
   * @throws ConflictException if a task waits for the other already, or gets another output under
   *     that name
   * @throws AccessDeniedException if who acts is a viewer
   */
  public void addAll(TenantTx tx, Collection<NewDependency> dependencies) {
    tx.requireWriter();
    if (!dependencies.isEmpty()) {
      queries.add(tx, List.copyOf(dependencies));
    }
  }

  /**
   * What a task waits for, or waited for.
   *
   * @throws NotFoundException if there is no such task
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Dependency> predecessors(TenantTx tx, UUID task, PageRequest request) {
    areSatisfied(tx, task);
    return queries.predecessors(tx, task, request);
  }

  /**
   * What waits, or waited, for a task.
   *
   * @throws NotFoundException if there is no such task
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Dependency> successors(TenantTx tx, UUID task, PageRequest request) {
    areSatisfied(tx, task);
    return queries.successors(tx, task, request);
  }

  /**
   * Whether a task waits for no other.
   *
   * @throws NotFoundException if there is no such task
   */
  public boolean areSatisfied(TenantTx tx, UUID task) {
    return queries
            .unmet(tx, task)
            .orElseThrow(() -> new NotFoundException("task", task.toString(), null))
        == 0;
  }
}
