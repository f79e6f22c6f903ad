package dev.plinth.tasks.flow;

import dev.plinth.base.error.InvalidValueException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/**
 * Days of a calendar, both ends included. A day is as long as it is in its zone, with 23 or 25
 * hours where clocks change.
 *
 * @param zone whose midnight parts them
 */
public record Days(LocalDate first, LocalDate last, ZoneId zone) {

  /** The most days of one question. */
  public static final int MOST = 3_660;

  /** Checks the components. */
  public Days {
    if (last.isBefore(first)) {
      throw new InvalidValueException("last", "must not be before the first");
    }
    if (ChronoUnit.DAYS.between(first, last) >= MOST) {
      throw new InvalidValueException("last", "must be within " + MOST + " days");
    }
  }

  /** Days from one to another. */
  public static Days of(LocalDate first, LocalDate last, ZoneId zone) {
    return new Days(first, last, zone);
  }

  /** Some days, up to one. */
  public static Days endingOn(LocalDate last, int count, ZoneId zone) {
    return new Days(last.minusDays(count - 1L), last, zone);
  }

  /** How many they are. */
  public int count() {
    return (int) ChronoUnit.DAYS.between(first, last) + 1;
  }

  /** When the last one is over. */
  public Instant end() {
    return last.plusDays(1).atStartOfDay(zone).toInstant();
  }

  Instant start() {
    return first.atStartOfDay(zone).toInstant();
  }

  /** Which of them a day is, from 0; out of range if it is none. */
  int indexOf(LocalDate day) {
    return Math.toIntExact(ChronoUnit.DAYS.between(first, day));
  }

  /** When each day begins, and when the last one ends. */
  Instant[] bounds() {
    return first
        .datesUntil(last.plusDays(2))
        .map(day -> day.atStartOfDay(zone).toInstant())
        .toArray(Instant[]::new);
  }
}
