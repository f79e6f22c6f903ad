package dev.plinth.benchmarks.task;

/** How much of the full number of jobs is run: less than 1 to see whether it works. */
record Scale(double factor) {

  /** As the documents state it. */
  static final Scale FULL = new Scale(1);

  Scale {
    if (factor <= 0) {
      throw new IllegalArgumentException("factor must be positive, not " + factor);
    }
  }

  int of(int jobs) {
    return Math.max(1, (int) (jobs * factor));
  }
}
