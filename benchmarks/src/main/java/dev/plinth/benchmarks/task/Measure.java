package dev.plinth.benchmarks.task;

/** A column of figures, and how they are printed. */
record Measure(String title, String format) {

  static final Measure JOBS_A_SECOND = new Measure("jobs/s", "%,.0f");

  String print(double value) {
    return format.formatted(value);
  }
}
