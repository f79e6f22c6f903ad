package dev.plinth.tasks.queue;

import dev.plinth.tasks.queue.Task.Failure;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a task, after its end.
 *
 * @param attempt the first is 1; one that was given back has the number of the next
 * @param worker process and machine
 * @param readyAt since when it could have begun
 * @param failureOrNull why it failed, or null
 * @param traceOrNull where it failed, or null
 */
public record TaskAttempt(
    UUID organizationId,
    UUID id,
    UUID taskId,
    int attempt,
    AttemptOutcome outcome,
    String worker,
    Instant readyAt,
    Instant startedAt,
    Instant finishedAt,
    @Nullable Failure failureOrNull,
    @Nullable String traceOrNull) {

  /** Why it failed, if it did. */
  public Optional<Failure> failure() {
    return Optional.ofNullable(failureOrNull);
  }

  /** Where it failed, if that is known. */
  public Optional<String> trace() {
    return Optional.ofNullable(traceOrNull);
  }
}
