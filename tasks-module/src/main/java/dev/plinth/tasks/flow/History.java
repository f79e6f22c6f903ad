package dev.plinth.tasks.flow;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/** What became done when, as it was known at any time. */
final class History {

  private final ZoneId zone;
  private final List<Finished> finished;

  History(ZoneId zone, List<Finished> finished) {
    this.zone = zone;
    this.finished = finished;
  }

  /** How many items became done on each day, as known at the end of the last one. */
  int[] daily(Days days) {
    int[] counts = new int[days.count()];
    for (Finished one : finished) {
      int index = days.indexOf(LocalDate.ofInstant(one.completedAt(), zone));
      if (index >= 0 && index < counts.length && one.knownBefore(days.end())) {
        counts[index]++;
      }
    }
    return counts;
  }
}
