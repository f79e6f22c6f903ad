package dev.plinth.tasks.schedule;

/**
 * What becomes of instants that were missed, because no worker ran: those of more than {@link
 * TaskSchedules#TOLERANCE} ago. Each later one has its task, whatever is said here.
 */
public enum MissedRunPolicy {
  /** Nothing. */
  SKIP,
  /** One task for all of them, as of the last; none if another is due just then. */
  ONE,
  /** One task for each, in their order. */
  ALL
}
