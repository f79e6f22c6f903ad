package dev.plinth.tasks.worker;

/**
 * How long handlers take, as a moving average: what is quick is claimed ahead, so that no thread
 * waits for the database; what is slow is left to other workers until a thread is free.
 */
final class Pace {

  private static final double WEIGHT = 0.05;

  /** How much work may lie about, claimed and not begun. */
  private static final double AHEAD_NANOS = 50_000_000;

  private double average = -1;

  synchronized void took(long nanos) {
    average = average < 0 ? nanos : average + WEIGHT * (nanos - average);
  }

  /** How many tasks so many threads do in the time that may lie about. */
  synchronized int ahead(int threads, int most) {
    if (average < 0) {
      return 0;
    }
    return (int) Math.min(most, threads * AHEAD_NANOS / Math.max(1, average));
  }
}
