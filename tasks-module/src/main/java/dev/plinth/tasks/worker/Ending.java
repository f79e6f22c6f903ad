package dev.plinth.tasks.worker;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt came to, to be written.
 *
 * @param outcome of the attempt, as the history has it; null where it never began
 * @param status what the task becomes
 * @param output as JSON, or null
 * @param retryAt when it may begin again, or null if not before its time
 * @param counted whether the attempt counts
 * @param error what went wrong, or null
 * @param startedAt when the handler began
 * @param finishedAt when it ended
 */
record Ending(
    Claim claim,
    @Nullable String outcome,
    String status,
    @Nullable String output,
    @Nullable Instant retryAt,
    boolean counted,
    @Nullable Failure error,
    Instant startedAt,
    Instant finishedAt,
    Trail trail) {

  boolean isSuccess() {
    return status.equals("succeeded");
  }

  /** Whether nobody knew the handler. */
  boolean unhandled() {
    return outcome == null && error != null;
  }
}
