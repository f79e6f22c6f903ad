package dev.plinth.tasks.flow;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;

/** Plays days to come until enough is finished, many times. */
final class Simulation {

  /** Ten years; what takes longer has no date. */
  static final int HORIZON = 3_650;

  private final int[] sorted;

  private Simulation(int[] sorted) {
    this.sorted = sorted;
  }

  /**
   * Plays it.
   *
   * @param history how many items became done on each day
   * @param items how many are to be finished
   */
  static Simulation of(Sampler sampler, int[] history, int items, Chance chance) {
    // Its algorithm is part of its contract, so a seed means the same everywhere.
    Random random = new Random(chance.seed());
    int[] lasted = new int[chance.trials()];
    boolean never = Arrays.stream(history).allMatch(done -> done == 0);
    for (int i = 0; i < lasted.length; i++) {
      lasted[i] =
          never && items > 0
              ? HORIZON + 1
              : daysUntil(items, sampler.days(history, random), random);
    }
    Arrays.sort(lasted);
    return new Simulation(lasted);
  }

  /** How long so large a part of the trials took at most; empty if longer than the horizon. */
  OptionalInt within(double part) {
    int days = sorted[(int) Math.ceil(part * sorted.length) - 1];
    return days > HORIZON ? OptionalInt.empty() : OptionalInt.of(days);
  }

  /** How often to play, with which chance. */
  record Chance(int trials, long seed) {}

  private static int daysUntil(int items, int[] drawnFrom, Random random) {
    int days = 0;
    for (int done = 0; done < items && days <= HORIZON; days++) {
      done += drawnFrom[random.nextInt(drawnFrom.length)];
    }
    return days;
  }
}
