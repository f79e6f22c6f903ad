package dev.plinth.tasks.flow;

import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Forecasts as they would have been made on past days, beside what came. */
final class PastForecasts {

  private final ForecastRequest request;
  private final Days known;
  private final History history;
  private final int[] came;

  /**
   * Prepares them.
   *
   * @param known from the first day that is drawn from to the last that outcomes are known of
   */
  PastForecasts(ForecastRequest request, Days known, History history) {
    this.request = request;
    this.known = known;
    this.history = history;
    this.came = history.daily(known);
  }

  /** Says after how many days so many items are finished. */
  @FunctionalInterface
  interface Model {
    OptionalInt days(ForecastRequest request, int[] drawnFrom, int items);
  }

  /** How the forecast of a day came out; empty if it has none, or its date is still to come. */
  Optional<BackTest.Outcome> outcome(LocalDate day, int items, Model model) {
    if (items == 0) {
      return Optional.empty();
    }
    int[] drawnFrom = history.daily(request.drawnFrom(day));
    OptionalInt within = model.days(request, drawnFrom, items);
    if (within.isEmpty() || day.plusDays(within.getAsInt()).isAfter(known.last())) {
      return Optional.empty();
    }
    LocalDate p85 = day.plusDays(within.getAsInt());
    return Optional.of(new BackTest.Outcome(day, items, p85, finished(day, items)));
  }

  private @Nullable LocalDate finished(LocalDate day, int items) {
    int done = 0;
    for (int i = known.indexOf(day) + 1; i < came.length; i++) {
      done += came[i];
      if (done >= items) {
        return known.first().plusDays(i);
      }
    }
    return null;
  }
}
