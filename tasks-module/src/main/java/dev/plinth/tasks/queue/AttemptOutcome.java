package dev.plinth.tasks.queue;

/** What became of an attempt. */
public enum AttemptOutcome {
  /** The handler returned, or completed the task in a transaction. */
  SUCCEEDED,
  /** The handler threw. */
  FAILED,
  /** It took longer than the definition says. */
  TIMED_OUT,
  /** The task was cancelled while it ran. */
  CANCELLED,
  /** The worker was not heard of any more. */
  LOST,
  /** Given back by the handler, and not counted. */
  SNOOZED,
  /** Given back by the worker, and not counted. */
  RELEASED
}
