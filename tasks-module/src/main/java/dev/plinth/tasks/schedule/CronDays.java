package dev.plinth.tasks.schedule;

import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;

/** The days of a calendar. */
record CronDays(CronValues daysOfMonth, CronValues months, CronValues daysOfWeek) {

  /** After so many years the same dates fall on the same days of the week again. */
  private static final int CALENDAR_YEARS = 400;

  /** Sunday is 7 in Java and 0 here. */
  private static final int DAYS = 7;

  /** Empty if there is none, as 30 February. */
  Optional<LocalDate> nextOrSame(LocalDate from) {
    LocalDate end = from.plusYears(CALENDAR_YEARS);
    LocalDate day = from;
    while (day.isBefore(end)) {
      if (!months.has(day.getMonthValue())) {
        day = day.with(TemporalAdjusters.firstDayOfNextMonth());
      } else if (has(day)) {
        return Optional.of(day);
      } else {
        day = day.plusDays(1);
      }
    }
    return Optional.empty();
  }

  /** Either day is enough if both are named; where one field is wild, both must hold. */
  private boolean has(LocalDate day) {
    boolean ofMonth = daysOfMonth.has(day.getDayOfMonth());
    boolean ofWeek = daysOfWeek.has(day.getDayOfWeek().getValue() % DAYS);
    boolean bothMust = daysOfMonth.wild() || daysOfWeek.wild();
    return bothMust ? ofMonth && ofWeek : ofMonth || ofWeek;
  }
}
