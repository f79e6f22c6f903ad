package dev.plinth.tasks.schedule;

import java.time.LocalTime;
import java.util.Optional;

/** The times of a day. */
record CronTimes(CronValues hours, CronValues minutes, CronValues seconds) {

  /** Whether they recur as the clock runs, and are not times of the day that somebody named. */
  boolean wild() {
    return hours.wild() || minutes.wild() || seconds.wild();
  }

  LocalTime first() {
    return LocalTime.of(hours.first(), minutes.first(), seconds.first());
  }

  Optional<LocalTime> nextOrSame(LocalTime from) {
    int hour = from.getHour();
    if (hours.has(hour)) {
      int minute = from.getMinute();
      int second = seconds.nextOrSame(from.getSecond());
      if (minutes.has(minute) && second != CronValues.NONE) {
        return Optional.of(LocalTime.of(hour, minute, second));
      }
      minute = minutes.nextOrSame(minute + 1);
      if (minute != CronValues.NONE) {
        return Optional.of(LocalTime.of(hour, minute, seconds.first()));
      }
    }
    hour = hours.nextOrSame(hour + 1);
    return hour == CronValues.NONE
        ? Optional.empty()
        : Optional.of(LocalTime.of(hour, minutes.first(), seconds.first()));
  }
}
