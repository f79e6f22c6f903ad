package dev.plinth.tasks.flow;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.flow.Simulation.Chance;
import java.time.LocalDate;
import java.time.Period;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * When work will be finished, by Monte Carlo over the own throughput: each trial draws days from
 * the window, days without any included, until enough is done (Magennis, Forecasting and Simulating
 * Software Development Projects, 2011; Vacanti, When Will It Be Done?, 2020). Unlike there, each
 * trial first draws the window anew, so that a short one promises less. It assumes that days to
 * come are like those in the window and do not depend on each other, and that nothing is added to
 * the items. {@link #backTest} says how far to trust it. Of those work items that who asks sees.
 * Thread-safe.
 */
public final class Forecasts {

  private static final double P50 = 0.5;
  private static final double P85 = 0.85;
  private static final double P95 = 0.95;
  private static final int YEAR = 365;

  private final FlowQueries queries = new FlowQueries();
  private final Sampler sampler;

  /** As it should be. */
  public Forecasts() {
    this(Sampler.DRAWN_AGAIN);
  }

  /** With another way to draw, to see what that is worth. */
  Forecasts(Sampler sampler) {
    this.sampler = sampler;
  }

  /** When so many items will be finished, from what was known at the end of a day. */
  public Forecast finish(TenantTx tx, ForecastRequest request) {
    Days window = request.drawnFrom(request.asOf());
    int[] drawnFrom = history(tx, request, window).daily(window);
    int items = items(tx, request, Days.endingOn(request.asOf(), 1, request.zone()))[0];
    Simulation played = play(request, drawnFrom, items);
    return new Forecast(
        request.asOf(),
        items,
        Arrays.stream(drawnFrom).sum(),
        date(request.asOf(), played.within(P50)),
        date(request.asOf(), played.within(P85)),
        date(request.asOf(), played.within(P95)));
  }

  /**
   * Makes the p85 forecast on past days, each from what was known then and no more, and compares it
   * with what came. Days on which nothing was to be finished, or nothing was to be drawn from, have
   * none.
   *
   * @param request what is forecast; {@code asOf} is the last day that outcomes are known of
   * @param first the first day to forecast on
   * @param every how many days later the next one is made, 1 to 365
   * @throws InvalidValueException if the first day is not before {@code asOf}, or too long before
   */
  public BackTest backTest(TenantTx tx, ForecastRequest request, LocalDate first, int every) {
    Require.between("every", every, 1, YEAR);
    if (!first.isBefore(request.asOf())) {
      throw new InvalidValueException("first", "must be before the last day that is known");
    }
    Days known = Days.of(request.drawnFrom(first).first(), request.asOf(), request.zone());
    Days days = Days.of(first, request.asOf(), request.zone());
    History history = history(tx, request, known);
    int[] items = items(tx, request, days);
    PastForecasts past = new PastForecasts(request, known, history);
    List<BackTest.Outcome> outcomes =
        first
            .datesUntil(request.asOf(), Period.ofDays(every))
            .flatMap(day -> past.outcome(day, items[days.indexOf(day)], this::p85).stream())
            .toList();
    return new BackTest(outcomes);
  }

  private OptionalInt p85(ForecastRequest request, int[] drawnFrom, int items) {
    return play(request, drawnFrom, items).within(P85);
  }

  private Simulation play(ForecastRequest request, int[] drawnFrom, int items) {
    return Simulation.of(sampler, drawnFrom, items, new Chance(request.trials(), request.seed()));
  }

  private History history(TenantTx tx, ForecastRequest request, Days days) {
    return new History(request.zone(), queries.finished(tx, request.scope(), days));
  }

  /** How many are to be finished, at the end of each day. */
  private int[] items(TenantTx tx, ForecastRequest request, Days days) {
    if (request.itemCount().isPresent()) {
      int[] same = new int[days.count()];
      Arrays.fill(same, request.itemCount().getAsInt());
      return same;
    }
    return queries.burndown(tx, request.scope(), days).stream()
        .mapToInt(day -> day.remaining().items())
        .toArray();
  }

  private static @Nullable LocalDate date(LocalDate asOf, OptionalInt days) {
    return days.isPresent() ? asOf.plusDays(days.getAsInt()) : null;
  }
}
