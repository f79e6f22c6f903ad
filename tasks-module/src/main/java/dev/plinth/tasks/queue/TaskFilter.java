package dev.plinth.tasks.queue;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks of an organization; what is null does not matter.
 *
 * @param definition the name of a definition, also of deleted ones
 * @param subject what it is about
 * @param run the run of a workflow
 */
public record TaskFilter(
    @Nullable TaskStatus status,
    @Nullable String definition,
    @Nullable String queue,
    @Nullable UUID subject,
    @Nullable UUID project,
    @Nullable UUID run) {

  /** All of them. */
  public static TaskFilter all() {
    return new TaskFilter(null, null, null, null, null, null);
  }

  /** The same in only one status. */
  public TaskFilter status(TaskStatus only) {
    return new TaskFilter(only, definition, queue, subject, project, run);
  }

  /** The same of only one definition. */
  public TaskFilter definition(String name) {
    return new TaskFilter(status, name, queue, subject, project, run);
  }

  /** The same of only one queue. */
  public TaskFilter queue(String name) {
    return new TaskFilter(status, definition, name, subject, project, run);
  }

  /** The same about only one thing. */
  public TaskFilter subject(UUID only) {
    return new TaskFilter(status, definition, queue, only, project, run);
  }

  /** The same for only one project. */
  public TaskFilter project(UUID only) {
    return new TaskFilter(status, definition, queue, subject, only, run);
  }

  /** The same of only one run of a workflow. */
  public TaskFilter run(UUID only) {
    return new TaskFilter(status, definition, queue, subject, project, only);
  }
}
