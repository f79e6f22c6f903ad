package dev.plinth.tasks.schedule;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression, as Vixie's cron reads it: {@code minute hour day-of-month month day-of-week},
 * with the second in front if there are six.
 *
 * <p>A field is a list, with commas between, of {@code *}, values, ranges {@code 9-17}, and every
 * n-th of either, <code>*&#47;15</code> or {@code 9-17/2}. Months and days of the week may be named
 * by three letters, {@code JAN} and {@code MON}; Sunday is 0 and 7. In place of fields there may be
 * <code>&#64;hourly</code>, <code>&#64;daily</code>, <code>&#64;midnight</code>, <code>&#64;weekly
 * </code>, <code>&#64;monthly</code>, <code>&#64;yearly</code> or <code>&#64;annually</code>.
 *
 * <p>Where both the day of the month and the day of the week are restricted, either is enough:
 * {@code 0 12 13 * FRI} is every 13th and every Friday. A field is not restricted if it begins with
 * {@code *}, so <code>0 12 *&#47;2 * FRI</code> is the Fridays among the odd days.
 *
 * <p>Where clocks are changed it does what cron does in Debian, cronie and OpenBSD ({@code
 * cron(8)}, "Daylight Saving Time and other time changes"), by the kind of the expression:
 *
 * <ul>
 *   <li>If its second, minute or hour begins with {@code *}, it recurs as the clock runs: it is due
 *       at each instant at which a clock on the wall shows such a time. <code>*&#47;15 * * * *
 *       </code> is due every 15 minutes that pass, also in an hour that comes twice; nothing is
 *       made up for in an hour that is left out.
 *   <li>Else it names times of the day, and each is due once. One that is left out is due at the
 *       first instant after the gap, as others that are due then; one that comes twice, the first
 *       time.
 * </ul>
 *
 * <p>Other than in {@code cron(8)}, this holds for changes of three hours or more, too: a daemon
 * cannot tell them from a clock that was set right, the rules of a zone can. What is due on every
 * 30th was due in Apia when 31 December 2011 began, as there had been no 30th.
 *
 * <p>Immutable. Two are equal if they are written the same, but for white space.
 */
public final class Cron {

  private static final Map<String, String> NICKNAMES =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");

  private static final int FIELDS = 5;
  private static final int LONGEST = 255;
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private final String expression;
  private final CronTimes times;
  private final CronDays days;

  private Cron(String expression, CronTimes times, CronDays days) {
    this.expression = expression;
    this.times = times;
    this.days = days;
  }

  /**
   * Reads an expression of five or six fields, or a nickname.
   *
   * @throws InvalidValueException that names the field at fault, or {@code cron} for all of it
   */
  public static Cron parse(String expression) {
    String text = Require.text("cron", expression, LONGEST).strip().replaceAll("[ \\t]+", " ");
    String[] parts = fieldsOf(text).split(" ", -1);
    int minute = parts.length - FIELDS;
    if (minute < 0 || minute > 1) {
      throw new InvalidValueException("cron", "must have 5 or 6 fields, not " + parts.length);
    }
    CronValues seconds = minute == 0 ? CronValues.only(0) : CronField.SECOND.parse(parts[0]);
    CronValues minutes = CronField.MINUTE.parse(parts[minute]);
    CronValues hours = CronField.HOUR.parse(parts[minute + 1]);
    CronDays days =
        new CronDays(
            CronField.DAY_OF_MONTH.parse(parts[minute + 2]),
            CronField.MONTH.parse(parts[minute + 3]),
            CronField.DAY_OF_WEEK.parse(parts[minute + 4]));
    return new Cron(text, new CronTimes(hours, minutes, seconds), days);
  }

  private static String fieldsOf(String text) {
    if (!text.startsWith("@")) {
      return text;
    }
    String fields = NICKNAMES.get(text.toLowerCase(Locale.ROOT));
    if (fields == null) {
      throw new InvalidValueException("cron", "must not be " + text + ", which is no time");
    }
    return fields;
  }

  /**
   * The first instant after another one at which it is due, to the second.
   *
   * @param zone that its fields are read in
   * @return empty if it is never due, as on 30 February
   * @throws InvalidValueException if {@code after} is not of the years 1 to 9999
   */
  public Optional<Instant> next(Instant after, ZoneId zone) {
    if (after.isBefore(EARLIEST) || after.isAfter(LATEST)) {
      throw new InvalidValueException("after", "must be of the years 1 to 9999, not " + after);
    }
    ZoneRules rules = zone.getRules();
    return times.wild() ? nextAsTheClockRuns(after, rules) : nextNamed(after, rules);
  }

  /** From one change of the clock to the next, within which it has one offset. */
  private Optional<Instant> nextAsTheClockRuns(Instant after, ZoneRules rules) {
    Instant start = after;
    LocalDateTime from = secondAfter(after, rules);
    while (true) {
      ZoneOffset offset = rules.getOffset(start);
      ZoneOffsetTransition change = rules.nextTransition(start);
      Optional<Instant> next = nextOrSame(from).map(time -> time.toInstant(offset));
      if (next.isEmpty() || change == null || next.get().isBefore(change.getInstant())) {
        return next;
      }
      start = change.getInstant();
      from = change.getDateTimeAfter();
    }
  }

  private Optional<Instant> nextNamed(Instant after, ZoneRules rules) {
    LocalDateTime from = secondAfter(after, rules);
    ZoneOffsetTransition change = rules.getTransition(from);
    // The second time around, what is shown until its end has been before.
    if (change != null && change.isOverlap() && !after.isBefore(change.getInstant())) {
      from = change.getDateTimeBefore();
    }
    return nextOrSame(from).map(time -> instant(time, rules));
  }

  private static Instant instant(LocalDateTime time, ZoneRules rules) {
    ZoneOffsetTransition change = rules.getTransition(time);
    if (change == null) {
      return time.toInstant(rules.getOffset(time));
    }
    return change.isGap() ? change.getInstant() : time.toInstant(change.getOffsetBefore());
  }

  private static LocalDateTime secondAfter(Instant instant, ZoneRules rules) {
    return LocalDateTime.ofInstant(instant, rules.getOffset(instant))
        .truncatedTo(ChronoUnit.SECONDS)
        .plusSeconds(1);
  }

  private Optional<LocalDateTime> nextOrSame(LocalDateTime from) {
    Optional<LocalDate> day = days.nextOrSame(from.toLocalDate());
    if (day.isPresent() && day.get().equals(from.toLocalDate())) {
      Optional<LocalTime> time = times.nextOrSame(from.toLocalTime());
      if (time.isPresent()) {
        return time.map(day.get()::atTime);
      }
      day = days.nextOrSame(from.toLocalDate().plusDays(1));
    }
    return day.map(first -> first.atTime(times.first()));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Cron cron && cron.expression.equals(expression);
  }

  @Override
  public int hashCode() {
    return expression.hashCode();
  }

  /** As it was written, with single spaces. */
  @Override
  public String toString() {
    return expression;
  }
}
