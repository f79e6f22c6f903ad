package dev.plinth.tasks.flow;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A question when work will be finished.
 *
 * @param asOf the last day that is known; forecast are those after it
 * @param zone whose midnight parts the days
 * @param window how many days before are drawn from, up to {@code asOf}: {@value #LEAST_WINDOW} to
 *     {@value #MOST_WINDOW}; whole weeks, so that no weekday counts more than another
 * @param items how many items are to be finished, or null for what remains in the scope
 * @param trials how often it is played, 100 to {@value #MOST_TRIALS}
 * @param seed the same one gives the same forecast
 */
public record ForecastRequest(
    FlowScope scope,
    LocalDate asOf,
    ZoneId zone,
    int window,
    @Nullable Integer items,
    int trials,
    long seed) {

  /** The shortest window. */
  public static final int LEAST_WINDOW = 7;

  /** The longest window. */
  public static final int MOST_WINDOW = 1_092;

  /** The most trials. */
  public static final int MOST_TRIALS = 100_000;

  private static final int WEEK = 7;
  private static final int WINDOW = 12 * WEEK;
  private static final int LEAST_TRIALS = 100;
  private static final int TRIALS = 10_000;
  private static final int MOST_ITEMS = 100_000;

  /** Checks the components. */
  public ForecastRequest {
    Require.between("window", window, LEAST_WINDOW, MOST_WINDOW);
    if (window % WEEK != 0) {
      throw new InvalidValueException("window", "must be whole weeks");
    }
    Require.between("trials", trials, LEAST_TRIALS, MOST_TRIALS);
    if (items != null) {
      Require.between("items", items, 1, MOST_ITEMS);
    }
  }

  /** When what remains is finished: drawn from twelve weeks, played ten thousand times. */
  public static ForecastRequest of(FlowScope scope, LocalDate asOf, ZoneId zone) {
    return new ForecastRequest(scope, asOf, zone, WINDOW, null, TRIALS, 1);
  }

  /** The same drawn from another number of days. */
  public ForecastRequest window(int days) {
    return new ForecastRequest(scope, asOf, zone, days, items, trials, seed);
  }

  /** The same for so many items, whatever remains. */
  public ForecastRequest items(int count) {
    return new ForecastRequest(scope, asOf, zone, window, count, trials, seed);
  }

  /** The same played more or less often. */
  public ForecastRequest trials(int count) {
    return new ForecastRequest(scope, asOf, zone, window, items, count, seed);
  }

  /** The same with other chance. */
  public ForecastRequest seed(long other) {
    return new ForecastRequest(scope, asOf, zone, window, items, trials, other);
  }

  /** How many items are to be finished, if it is not what remains. */
  public OptionalInt itemCount() {
    return items == null ? OptionalInt.empty() : OptionalInt.of(items);
  }

  Days drawnFrom(LocalDate day) {
    return Days.endingOn(day, window, zone);
  }
}
