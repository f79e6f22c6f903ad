package dev.plinth.tasks.queue;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.sql.UuidV7;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.definition.TaskDefinition;
import dev.plinth.tasks.queue.KnownDefinitions.Known;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task on its way into the table.
 *
 * @param id what it will have, unless an earlier one has its idempotency key
 * @param definition the version that the input was held against
 * @param input as JSON
 * @param scheduledAt null for now
 */
record Entry(
    NewTask task, UUID id, TaskDefinition definition, String input, @Nullable Instant scheduledAt) {

  /** A task with an id of its own, whose input was found to be right. */
  static Entry of(TenantTx tx, NewTask task, Known known) {
    Instant scheduledAt = scheduledAt(tx.now(), task.turn());
    Instant deadline = task.turn().deadline();
    if (deadline != null && !deadline.isAfter(scheduledAt == null ? tx.now() : scheduledAt)) {
      throw new InvalidValueException("deadline", "must be after the task may begin");
    }
    String input = known.rules().json(task.input());
    return new Entry(task, UuidV7.next(tx.now()), known.definition(), input, scheduledAt);
  }

  /** The same, held against another version of the definition. */
  Entry again(Known known) {
    return new Entry(task, id, known.definition(), known.rules().json(task.input()), scheduledAt);
  }

  /** Whether it waits for nothing but a worker. */
  boolean isPending() {
    return scheduledAt == null;
  }

  /** Where it waits. */
  String queue() {
    String own = task.turn().queue();
    return own == null ? definition.queue() : own;
  }

  /** The task of the row that was written. */
  Task stored(TenantTx tx, Instant turnAt, @Nullable Instant deadline, Map<String, Object> json) {
    return new Task(
        tx.organizationId(),
        id,
        definition.id(),
        definition.name(),
        queue(),
        Objects.requireNonNullElse(task.turn().priority(), definition.priority()),
        isPending() ? TaskStatus.PENDING : TaskStatus.SCHEDULED,
        Objects.requireNonNullElse(scheduledAt, tx.now()),
        turnAt,
        deadline,
        json,
        null,
        0,
        definition.retry().attempts(),
        task.keys().concurrency(),
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        idempotencyKey(),
        task.origin().subject(),
        task.origin().project(),
        task.origin().run(),
        task.origin().node(),
        tx.now());
  }

  /** What it is enqueued only once for, or null. */
  @Nullable String idempotencyKey() {
    return task.keys().idempotency();
  }

  private static @Nullable Instant scheduledAt(Instant now, NewTask.Turn turn) {
    if (turn.delay() != null) {
      return now.plus(turn.delay()).truncatedTo(ChronoUnit.MICROS);
    }
    if (turn.notBefore() == null || !turn.notBefore().isAfter(now)) {
      return null;
    }
    return turn.notBefore().truncatedTo(ChronoUnit.MICROS);
  }
}
