package dev.plinth.tasks.queue;

import dev.plinth.base.notification.Subject;
import dev.plinth.base.sql.Priority;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a program is to do.
 *
 * @param definition the name of its definition
 * @param scheduledAt when it may begin at the earliest
 * @param turnAt in which order tasks of a queue are claimed
 * @param deadlineOrNull when it is no longer worth beginning, or null
 * @param outputOrNull what its handler returned, as JSON has it, or null
 * @param attempt how many attempts began, without those that were given back
 * @param attemptsAllowed after how many it is dead
 * @param concurrencyKeyOrNull what the limit of its definition per key counts by, or null
 * @param unmetDependencies how many edges to it are not satisfied; it is claimed at 0
 * @param unhandledAtOrNull since when it waits for a worker that knows its handler, or null
 * @param leaseOrNull who does it, or null unless it is running
 * @param cancelRequestedAtOrNull when it was told to stop, or null
 * @param progressOrNull how far it is, or null where that was not said
 * @param startedAtOrNull when the last attempt began, or null
 * @param finishedAtOrNull when it ended, or null before
 * @param failureOrNull why the last attempt failed, or null
 * @param idempotencyKeyOrNull what it was enqueued only once for, or null
 * @param subjectOrNull what it is about, or null
 * @param projectIdOrNull which project it is for, or null
 * @param runIdOrNull the run of a workflow that it is part of, or null
 * @param nodeOrNull what the workflow calls it, or null
 */
public record Task(
    UUID organizationId,
    UUID id,
    UUID definitionId,
    String definition,
    String queue,
    Priority priority,
    TaskStatus status,
    Instant scheduledAt,
    Instant turnAt,
    @Nullable Instant deadlineOrNull,
    Map<String, Object> input,
    @Nullable Object outputOrNull,
    int attempt,
    int attemptsAllowed,
    @Nullable String concurrencyKeyOrNull,
    int unmetDependencies,
    @Nullable Instant unhandledAtOrNull,
    @Nullable Lease leaseOrNull,
    @Nullable Instant cancelRequestedAtOrNull,
    @Nullable Progress progressOrNull,
    @Nullable Instant startedAtOrNull,
    @Nullable Instant finishedAtOrNull,
    @Nullable Failure failureOrNull,
    @Nullable String idempotencyKeyOrNull,
    @Nullable Subject subjectOrNull,
    @Nullable UUID projectIdOrNull,
    @Nullable UUID runIdOrNull,
    @Nullable String nodeOrNull,
    Instant createdAt) {

  /**
   * Who does a task.
   *
   * @param worker process and machine
   * @param until when another worker may take over, unless it is extended before
   */
  public record Lease(String worker, Instant until) {}

  /**
   * How far a task is.
   *
   * @param percentOrNull 0 to 100, or null where only the message was said
   * @param messageOrNull in the handler's words, or null
   */
  public record Progress(@Nullable BigDecimal percentOrNull, @Nullable String messageOrNull) {

    /** 0 to 100; empty where only the message was said. */
    public Optional<BigDecimal> percent() {
      return Optional.ofNullable(percentOrNull);
    }

    /** In the handler's words, if it said something. */
    public Optional<String> message() {
      return Optional.ofNullable(messageOrNull);
    }
  }

  /**
   * Why an attempt failed.
   *
   * @param type the class of the exception, or what the engine calls it
   */
  public record Failure(String type, @Nullable String messageOrNull) {

    /** What the exception said, if anything. */
    public Optional<String> message() {
      return Optional.ofNullable(messageOrNull);
    }
  }

  /** When it is no longer worth beginning, if that was said. */
  public Optional<Instant> deadline() {
    return Optional.ofNullable(deadlineOrNull);
  }

  /** What its handler returned: a map, list, string, number or boolean; empty for nothing. */
  public Optional<Object> output() {
    return Optional.ofNullable(outputOrNull);
  }

  /** What the limit of its definition per key counts by, if anything. */
  public Optional<String> concurrencyKey() {
    return Optional.ofNullable(concurrencyKeyOrNull);
  }

  /** Since when it waits for a worker that knows its handler; empty if it does not. */
  public Optional<Instant> unhandledAt() {
    return Optional.ofNullable(unhandledAtOrNull);
  }

  /** Who does it; empty unless it is running. */
  public Optional<Lease> lease() {
    return Optional.ofNullable(leaseOrNull);
  }

  /** When it was told to stop, if it was. */
  public Optional<Instant> cancelRequestedAt() {
    return Optional.ofNullable(cancelRequestedAtOrNull);
  }

  /** How far it is, if that was said. */
  public Optional<Progress> progress() {
    return Optional.ofNullable(progressOrNull);
  }

  /** When the last attempt began; empty before the first. */
  public Optional<Instant> startedAt() {
    return Optional.ofNullable(startedAtOrNull);
  }

  /** When it ended; empty before. */
  public Optional<Instant> finishedAt() {
    return Optional.ofNullable(finishedAtOrNull);
  }

  /** Why the last attempt failed, if it did. */
  public Optional<Failure> failure() {
    return Optional.ofNullable(failureOrNull);
  }

  /** What it was enqueued only once for, if anything. */
  public Optional<String> idempotencyKey() {
    return Optional.ofNullable(idempotencyKeyOrNull);
  }

  /** What it is about, if that was said. */
  public Optional<Subject> subject() {
    return Optional.ofNullable(subjectOrNull);
  }

  /** Which project it is for, if that was said. */
  public Optional<UUID> projectId() {
    return Optional.ofNullable(projectIdOrNull);
  }

  /** The run of a workflow that it is part of, if any. */
  public Optional<UUID> runId() {
    return Optional.ofNullable(runIdOrNull);
  }

  /** What the workflow calls it, if it is part of one. */
  public Optional<String> node() {
    return Optional.ofNullable(nodeOrNull);
  }
}
