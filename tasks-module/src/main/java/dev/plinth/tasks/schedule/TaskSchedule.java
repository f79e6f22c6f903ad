package dev.plinth.tasks.schedule;

import dev.plinth.base.error.InvalidValueException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * When an organization has tasks of a definition recur.
 *
 * @param definition the name of the definition that is enqueued for; it may be deleted meanwhile
 * @param cron the expression, as text: another host may know zones that this one does not
 * @param timeZone in which it is read
 * @param startsAtOrNull the first instant that may count, or null
 * @param endsAtOrNull the first that no longer counts, or null
 * @param input what its tasks are given, without the defaults of the definition
 * @param instantMemberOrNull the member of the input that gets the instant, or null
 * @param countedFrom up to when all instants are settled
 * @param nextRunAtOrNull the next instant, or null
 * @param lastRunOrNull the last task, or null
 * @param failureOrNull why the last task was refused, or null
 * @param pausedAtOrNull since when it rests, or null
 * @param pausedByOrNull the member who paused it, or null
 * @param metadata the host's own
 * @param version counts what people change, not its runs
 */
public record TaskSchedule(
    UUID organizationId,
    UUID id,
    String name,
    String definition,
    String cron,
    String timeZone,
    @Nullable Instant startsAtOrNull,
    @Nullable Instant endsAtOrNull,
    Map<String, Object> input,
    @Nullable String instantMemberOrNull,
    MissedRunPolicy missedRuns,
    Instant countedFrom,
    @Nullable Instant nextRunAtOrNull,
    @Nullable Run lastRunOrNull,
    @Nullable Failure failureOrNull,
    @Nullable Instant pausedAtOrNull,
    @Nullable UUID pausedByOrNull,
    Map<String, Object> metadata,
    Instant createdAt,
    Instant updatedAt,
    int version) {

  /**
   * A task that was enqueued.
   *
   * @param instant for which
   * @param taskId which; retention removes tasks
   */
  public record Run(Instant instant, UUID taskId) {}

  /**
   * A task that was refused.
   *
   * @param at when
   * @param type the class of the exception
   * @param message what it says
   */
  public record Failure(Instant at, String type, String message) {}

  /**
   * The instants at which it recurs.
   *
   * @throws InvalidValueException if this host does not know the zone
   */
  public Recurrence recurrence() {
    return Recurrence.of(cron, timeZone).between(startsAtOrNull, endsAtOrNull);
  }

  /** The next instant; empty if it is paused, or none comes any more. */
  public Optional<Instant> nextRunAt() {
    return Optional.ofNullable(nextRunAtOrNull);
  }

  /** The last task that was enqueued; empty if none was. */
  public Optional<Run> lastRun() {
    return Optional.ofNullable(lastRunOrNull);
  }

  /** Why the last task was refused; empty if it was not. */
  public Optional<Failure> failure() {
    return Optional.ofNullable(failureOrNull);
  }

  /** The member of the input that gets the instant; empty if none does. */
  public Optional<String> instantMember() {
    return Optional.ofNullable(instantMemberOrNull);
  }

  /** Since when it rests; empty if it does not. */
  public Optional<Instant> pausedAt() {
    return Optional.ofNullable(pausedAtOrNull);
  }

  /** The member who paused it; empty if it was a service. */
  public Optional<UUID> pausedBy() {
    return Optional.ofNullable(pausedByOrNull);
  }

  Payload payload() {
    return new Payload(definition, input, instantMemberOrNull);
  }
}
