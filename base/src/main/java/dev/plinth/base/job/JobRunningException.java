package dev.plinth.base.job;

import dev.plinth.base.error.PlinthException;

/** The job runs already, here or on another host: one at a time. */
public final class JobRunningException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String job;
  private final String holder;

  /** Reports it with its facts. */
  public JobRunningException(String job, String holder) {
    super("Job " + job + " is being run by " + holder, null);
    this.job = job;
    this.holder = holder;
  }

  /** The job. */
  public String job() {
    return job;
  }

  /** Who runs it: process and machine. */
  public String holder() {
    return holder;
  }
}
