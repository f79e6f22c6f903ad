package dev.plinth.tasks.worker;

import dev.plinth.base.error.InvalidValueException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What an attempt consumed, as far as only its handler knows; thread-safe. Time, processor and
 * memory are measured by the worker.
 */
public final class TaskConsumption {

  private static final int SCALE = 6;
  private static final BigDecimal MOST = BigDecimal.TEN.pow(12);

  private long rows;
  private long tokens;
  private BigDecimal cost = BigDecimal.ZERO;

  TaskConsumption() {}

  /** Rows read or written. */
  public synchronized void addRows(long more) {
    rows = Math.addExact(rows, notNegative(more));
  }

  /** Tokens of a language model. */
  public synchronized void addTokens(long more) {
    tokens = Math.addExact(tokens, notNegative(more));
  }

  /** Money, in the host's currency. */
  public synchronized void addCost(BigDecimal more) {
    if (more.signum() < 0) {
      throw new InvalidValueException("cost", "must not be negative");
    }
    BigDecimal sum = cost.add(more).setScale(SCALE, RoundingMode.HALF_UP);
    if (sum.compareTo(MOST) >= 0) {
      throw new InvalidValueException("cost", "must be less than " + MOST);
    }
    cost = sum;
  }

  private static long notNegative(long amount) {
    if (amount < 0) {
      throw new InvalidValueException("amount", "must not be negative");
    }
    return amount;
  }

  synchronized Said said() {
    return new Said(rows, tokens, cost);
  }

  /** What the handler said so far. */
  record Said(long rows, long tokens, BigDecimal cost) {

    boolean anything() {
      return rows > 0 || tokens > 0 || cost.signum() > 0;
    }
  }
}
