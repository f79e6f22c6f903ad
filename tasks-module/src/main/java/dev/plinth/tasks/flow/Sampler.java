package dev.plinth.tasks.flow;

import java.util.Random;

/** How the days to come are drawn from those that were. */
@FunctionalInterface
interface Sampler {

  /**
   * What a trial draws from, with replacement, each day as likely as another.
   *
   * @param history how many items became done on each day, also the days without any
   */
  int[] days(int[] history, Random random);

  /**
   * As they were. It takes the window for the truth: a short one that was lucky, or had no luck,
   * goes on so in every trial.
   */
  Sampler AS_THEY_WERE = (history, random) -> history;

  /**
   * Drawn again for each trial, so that how little a short window tells becomes part of the
   * forecast (the bootstrap's own uncertainty; Efron and Tibshirani, An Introduction to the
   * Bootstrap, 1993).
   */
  Sampler DRAWN_AGAIN =
      (history, random) -> {
        int[] drawn = new int[history.length];
        for (int i = 0; i < drawn.length; i++) {
          drawn[i] = history[random.nextInt(history.length)];
        }
        return drawn;
      };
}
