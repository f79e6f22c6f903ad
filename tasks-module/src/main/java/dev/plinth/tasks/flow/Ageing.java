package dev.plinth.tasks.flow;

import dev.plinth.base.error.Require;
import java.time.Duration;
import java.time.Instant;

/**
 * What is being worked on is compared with what was done before.
 *
 * @param asOf when
 * @param history what became done in this time before
 * @param limit how many items at most, the oldest first, 1 to {@value #MOST}
 */
public record Ageing(Instant asOf, Duration history, int limit) {

  /** The most items of one question. */
  public static final int MOST = 1_000;

  private static final Duration HISTORY = Duration.ofDays(90);
  private static final int LIMIT = 100;

  /** Checks the components. */
  public Ageing {
    Require.positive("history", history);
    Require.between("limit", limit, 1, MOST);
  }

  /** The hundred oldest, compared with the ninety days before. */
  public static Ageing at(Instant asOf) {
    return new Ageing(asOf, HISTORY, LIMIT);
  }

  /** The same, compared with another time before. */
  public Ageing comparedWith(Duration before) {
    return new Ageing(asOf, before, limit);
  }
}
