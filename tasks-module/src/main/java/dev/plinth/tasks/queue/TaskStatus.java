package dev.plinth.tasks.queue;

/** Where a task is in its life. */
public enum TaskStatus {
  /** Waits for a worker, or for what it depends on. */
  PENDING,
  /** Not before its time. */
  SCHEDULED,
  /** A worker has it. */
  RUNNING,
  /** Done. */
  SUCCEEDED,
  /** The last attempt failed; it is tried again. */
  FAILED,
  /** Nobody wants it any more. */
  CANCELLED,
  /** Given up; it can be replayed. */
  DEAD;

  /** Whether nothing happens to it any more, unless it is replayed. */
  public boolean isFinal() {
    return this == SUCCEEDED || this == CANCELLED || this == DEAD;
  }
}
