package dev.plinth.tasks.schedule;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a schedule owes.
 *
 * @param instants for which there is to be a task, in their order
 * @param countedFrom up to when all are settled then
 * @param nextOrNull the first one after it, or null
 */
record Due(List<Instant> instants, Instant countedFrom, @Nullable Instant nextOrNull) {

  /** How many are caught up with in one transaction; then comes another. */
  static final int MOST = 100;

  /**
   * From the rules of the zone as they are now, and not from the instant that was stored: if they
   * changed since, it may be one no longer.
   */
  static Due of(TaskSchedule schedule, Instant now) {
    Recurrence recurrence = schedule.recurrence();
    Instant from = schedule.countedFrom();
    if (from.isAfter(now)) {
      return settled(recurrence, List.of(), from);
    }
    List<Instant> instants =
        switch (schedule.missedRuns()) {
          case SKIP -> onTime(recurrence, from, now);
          case ONE -> onTimeOrLast(recurrence, from, now);
          case ALL -> all(recurrence, from, now);
        };
    boolean more = instants.size() == MOST;
    return settled(recurrence, instants, more ? instants.get(MOST - 1) : now);
  }

  private static Due settled(Recurrence recurrence, List<Instant> instants, Instant until) {
    return new Due(instants, until, recurrence.next(until).orElse(null));
  }

  private static List<Instant> onTimeOrLast(Recurrence recurrence, Instant from, Instant now) {
    List<Instant> onTime = onTime(recurrence, from, now);
    Optional<Instant> last = onTime.isEmpty() ? recurrence.last(from, now) : Optional.empty();
    return last.map(List::of).orElse(onTime);
  }

  private static List<Instant> onTime(Recurrence recurrence, Instant from, Instant now) {
    Instant missed = now.minus(TaskSchedules.TOLERANCE).minusNanos(1);
    return all(recurrence, from.isAfter(missed) ? from : missed, now);
  }

  private static List<Instant> all(Recurrence recurrence, Instant from, Instant now) {
    return recurrence.upcoming(from, MOST).stream()
        .takeWhile(instant -> !instant.isAfter(now))
        .toList();
  }
}
