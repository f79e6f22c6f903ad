package dev.plinth.tasks.flow;

import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When work will be finished, in so many of a hundred trials no later than this. A date is null
 * where so many trials did not come to an end within ten years, as when nothing was done of late.
 *
 * @param asOf the last day that was known
 * @param items how many are to be finished
 * @param drawnItems how many became done in the window that was drawn from
 */
public record Forecast(
    LocalDate asOf,
    int items,
    int drawnItems,
    @Nullable LocalDate p50OrNull,
    @Nullable LocalDate p85OrNull,
    @Nullable LocalDate p95OrNull) {

  /** As likely later as not; empty if not within ten years. */
  public Optional<LocalDate> p50() {
    return Optional.ofNullable(p50OrNull);
  }

  /**
   * What may be promised; {@link Forecasts#backTest} says how often it held; empty if not within
   * ten years.
   */
  public Optional<LocalDate> p85() {
    return Optional.ofNullable(p85OrNull);
  }

  /** Almost certainly by then; empty if not within ten years. */
  public Optional<LocalDate> p95() {
    return Optional.ofNullable(p95OrNull);
  }
}
