package dev.plinth.base.job;

import dev.plinth.base.error.PlinthException;
import org.jspecify.annotations.Nullable;

/** A job was run and was not done. */
public final class JobFailedException extends PlinthException {

  private static final long serialVersionUID = 1L;

  /** Why it was not done. */
  public enum Reason {
    /** Its work threw the cause. */
    THREW("failed"),
    /** It took longer than its time limit. */
    OVERTIME("took longer than its time limit"),
    /** Its lease could not be extended, so that another host may have taken over. */
    LEASE_LOST("lost its lease"),
    /** The host was closed; the job is still due. */
    CLOSED("was stopped because the host closes");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  private final String job;
  private final Reason reason;

  /** Reports it with its facts. */
  public JobFailedException(String job, Reason reason, @Nullable Throwable cause) {
    super("Job " + job + " " + reason.words(), cause);
    this.job = job;
    this.reason = reason;
  }

  /** The job. */
  public String job() {
    return job;
  }

  /** Why it was not done. */
  public Reason reason() {
    return reason;
  }

  /** For the job's row: nothing that could quote the value of a row, as foreign messages may. */
  String recorded() {
    Throwable cause = getCause();
    if (reason != Reason.THREW || cause == null) {
      return reason.words();
    }
    String type = cause.getClass().getSimpleName();
    return cause instanceof PlinthException own ? type + ": " + firstLine(own) : type;
  }

  private static String firstLine(PlinthException failure) {
    String message = String.valueOf(failure.getMessage()).replace("\0", "");
    String line = message.lines().findFirst().orElse("");
    return line.substring(0, Math.min(line.length(), 400));
  }
}
