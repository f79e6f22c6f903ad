package dev.plinth.tasks.flow;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How p85 forecasts of past days came out. Only those count whose date has come: a forecast is left
 * out by its own date and never by how it came out.
 *
 * @param outcomes in the order of their days
 */
public record BackTest(List<Outcome> outcomes) {

  /** Copies the list. */
  public BackTest {
    outcomes = List.copyOf(outcomes);
  }

  /** Which part of them held, near 0.85 if they are what they claim; empty if there were none. */
  public OptionalDouble hitRate() {
    return outcomes.stream().mapToInt(outcome -> outcome.hit() ? 1 : 0).average();
  }

  /**
   * One forecast.
   *
   * @param asOf the last day that it knew
   * @param items how many were to be finished
   * @param p85 by when, it said
   * @param finishedOrNull on which day so many were, or null if they are not
   */
  public record Outcome(
      LocalDate asOf, int items, LocalDate p85, @Nullable LocalDate finishedOrNull) {

    /** On which day so many were finished; empty if they are not. */
    public Optional<LocalDate> finished() {
      return Optional.ofNullable(finishedOrNull);
    }

    /** Whether they were finished by then. */
    public boolean hit() {
      return finishedOrNull != null && !finishedOrNull.isAfter(p85);
    }
  }
}
