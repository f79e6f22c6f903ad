package dev.plinth.tasks.flow;

import dev.plinth.base.tenancy.TenantTx;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How work went over the board on any past days, computed from the transitions alone, of those work
 * items that who asks sees now. What was asked for is as it was known at the end of the last day:
 * what was reopened, cancelled, moved or deleted later changes nothing of it. Thread-safe.
 */
public final class Flow {

  private final FlowQueries queries = new FlowQueries();

  /** Scope, what remains and what changed, day by day; days to come are as things stand. */
  public List<BurndownDay> burndown(TenantTx tx, FlowScope scope, Days days) {
    return queries.burndown(tx, scope, days);
  }

  /** How many items became done, day by day, also those on which none did. */
  public List<Throughput> throughput(TenantTx tx, FlowScope scope, Days days) {
    History history = new History(days.zone(), queries.finished(tx, scope, days));
    int[] counts = history.daily(days);
    List<Throughput> all = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      LocalDate day = days.first().plusDays(i);
      all.add(new Throughput(day, day, counts[i]));
    }
    return all;
  }

  /**
   * How many items became done, week by week; the first and the last week may be cut short.
   *
   * @param weekStart on which day a week begins; {@code MONDAY} in ISO 8601
   */
  public List<Throughput> weeklyThroughput(
      TenantTx tx, FlowScope scope, Days days, DayOfWeek weekStart) {
    Map<LocalDate, Throughput> weeks = new TreeMap<>();
    for (Throughput day : throughput(tx, scope, days)) {
      weeks.merge(
          day.from().with(TemporalAdjusters.previousOrSame(weekStart)),
          day,
          (week, next) -> new Throughput(week.from(), next.to(), week.items() + next.items()));
    }
    return List.copyOf(weeks.values());
  }

  /**
   * How long those took that became done on these days, from when they were first in progress
   * (since they were last cancelled) to when they became done (the last time); all the time between
   * counts, also when they went back.
   *
   * @return empty if none became done
   */
  public Optional<CycleTimes> cycleTimes(TenantTx tx, FlowScope scope, Days days) {
    return queries.cycleTimes(tx, scope, days);
  }

  /** What was being worked on at a time, the oldest first, beside how long others took. */
  public List<AgeingItem> ageing(TenantTx tx, FlowScope scope, Ageing request) {
    return queries.ageing(tx, scope, request);
  }
}
