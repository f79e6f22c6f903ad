package dev.plinth.tasks.workflow;

import dev.plinth.tasks.queue.TaskStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task of a run, in short.
 *
 * @param node what the workflow calls it; what undoes a node is called as it is, with {@code
 *     :compensation} after
 * @param isSkipped that it was cancelled because a condition of the graph does not hold, which is
 *     no failure
 * @param unmetDependencies how many edges hold it up
 * @param startedAtOrNull when its last attempt began, or null
 * @param finishedAtOrNull when it ended, or null before
 * @param errorTypeOrNull why it did not succeed, or null
 */
public record RunTask(
    UUID id,
    String node,
    TaskStatus status,
    boolean isSkipped,
    int unmetDependencies,
    @Nullable Instant startedAtOrNull,
    @Nullable Instant finishedAtOrNull,
    @Nullable String errorTypeOrNull) {

  /** When its last attempt began, if one did. */
  public Optional<Instant> startedAt() {
    return Optional.ofNullable(startedAtOrNull);
  }

  /** When it ended; empty before. */
  public Optional<Instant> finishedAt() {
    return Optional.ofNullable(finishedAtOrNull);
  }

  /** Why it did not succeed: of the last failed attempt, or what the engine calls it. */
  public Optional<String> errorType() {
    return Optional.ofNullable(errorTypeOrNull);
  }
}
