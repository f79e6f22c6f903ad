package dev.plinth.tasks.workflow;

import java.util.UUID;

/**
 * That a task is to wait for another.
 *
 * @param predecessor the task that comes first
 * @param successor the task that waits; it must not have begun
 */
public record NewDependency(UUID predecessor, UUID successor, EdgeTerms terms) {

  /** Waits for success. */
  public static NewDependency of(UUID predecessor, UUID successor) {
    return new NewDependency(predecessor, successor, EdgeTerms.success());
  }

  /** The same on other terms. */
  public NewDependency on(EdgeTerms other) {
    return new NewDependency(predecessor, successor, other);
  }
}
