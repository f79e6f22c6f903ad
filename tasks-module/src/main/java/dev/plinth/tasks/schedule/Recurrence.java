package dev.plinth.tasks.schedule;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRulesProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The instants at which something recurs: a cron expression, in a time zone, from one instant until
 * another.
 *
 * @param zone a region of the IANA's time zone database, such as {@code Europe/Berlin}; not an
 *     offset
 * @param startsAtOrNull the first instant that may count, or null
 * @param endsAtOrNull the first that no longer counts, or null
 */
public record Recurrence(
    Cron cron, ZoneId zone, @Nullable Instant startsAtOrNull, @Nullable Instant endsAtOrNull) {

  private static final int ZONE_LENGTH = 100;

  /** Checks the components. */
  public Recurrence {
    checkedZone(zone.getId());
    startsAtOrNull = stored(startsAtOrNull);
    endsAtOrNull = stored(endsAtOrNull);
    if (startsAtOrNull != null && endsAtOrNull != null && !endsAtOrNull.isAfter(startsAtOrNull)) {
      throw new InvalidValueException("endsAt", "must be after it starts");
    }
    if (cron.next(Instant.EPOCH, zone).isEmpty()) {
      throw new InvalidValueException("cron", "must not name dates that never come: " + cron);
    }
  }

  /**
   * Without a beginning and an end.
   *
   * @throws InvalidValueException if the expression cannot be read, with the field at fault, is
   *     never due, or there is no such zone
   */
  public static Recurrence of(String cron, String zone) {
    return new Recurrence(Cron.parse(cron), checkedZone(zone), null, null);
  }

  /** The same, nothing before an instant. */
  public Recurrence startingAt(Instant first) {
    return new Recurrence(cron, zone, first, endsAtOrNull);
  }

  /** The same, nothing from an instant on. */
  public Recurrence endingAt(Instant end) {
    return new Recurrence(cron, zone, startsAtOrNull, end);
  }

  Recurrence between(@Nullable Instant start, @Nullable Instant end) {
    return new Recurrence(cron, zone, start, end);
  }

  /** The first instant that may count; empty if any may. */
  public Optional<Instant> startsAt() {
    return Optional.ofNullable(startsAtOrNull);
  }

  /** The first instant that no longer counts; empty if it goes on for good. */
  public Optional<Instant> endsAt() {
    return Optional.ofNullable(endsAtOrNull);
  }

  /**
   * The first instant after another one.
   *
   * @return empty if none comes any more
   * @throws InvalidValueException as {@link Cron#next} says
   */
  public Optional<Instant> next(Instant after) {
    Instant start = startsAtOrNull;
    Instant from = start != null && after.isBefore(start) ? start.minusNanos(1) : after;
    return cron.next(from, zone).filter(this::beforeTheEnd);
  }

  /** The first instants after another one, in their order, and as many as there are at most. */
  List<Instant> upcoming(Instant after, int most) {
    List<Instant> upcoming = new ArrayList<>();
    Optional<Instant> next = next(after);
    while (next.isPresent() && upcoming.size() < most) {
      upcoming.add(next.get());
      next = next(next.get());
    }
    return upcoming;
  }

  /**
   * The last instant after one and not after another. It is found by halving the time between: a
   * schedule of every second may have slept for a year.
   */
  Optional<Instant> last(Instant after, Instant until) {
    if (!hasOne(after, until)) {
      return Optional.empty();
    }
    long some = after.getEpochSecond();
    long none = until.getEpochSecond();
    while (none - some > 1) {
      long middle = some + (none - some) / 2;
      if (hasOne(Instant.ofEpochSecond(middle), until)) {
        some = middle;
      } else {
        none = middle;
      }
    }
    return next(Instant.ofEpochSecond(some));
  }

  private boolean hasOne(Instant after, Instant until) {
    return next(after).filter(instant -> !instant.isAfter(until)).isPresent();
  }

  private boolean beforeTheEnd(Instant instant) {
    return endsAtOrNull == null || instant.isBefore(endsAtOrNull);
  }

  private static ZoneId checkedZone(String zone) {
    if (!ZoneRulesProvider.getAvailableZoneIds()
        .contains(Require.text("timeZone", zone, ZONE_LENGTH))) {
      throw new InvalidValueException("timeZone", "must be known, such as Europe/Berlin: " + zone);
    }
    return ZoneId.of(zone);
  }

  private static @Nullable Instant stored(@Nullable Instant instant) {
    return instant == null ? null : instant.truncatedTo(ChronoUnit.MICROS);
  }
}
