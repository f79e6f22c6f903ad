package dev.plinth.benchmarks.task;

/** What a queue is filled with before it is drained. */
enum Workload {
  /** All jobs are ready, and of one tenant. */
  ONE_QUEUE("one queue", 50_000),
  /** As many jobs, of a thousand tenants with fifty each. */
  TENANTS("1,000 tenants", 50_000),
  /** As many jobs, beside five million that have finished. */
  HISTORY("5 million finished", 50_000),
  /** A graph in layers of a hundred, of which each waits for the one before. */
  GRAPH("graph of 10,000", 10_000);

  /** How many have finished, in {@link #HISTORY}. */
  static final int FINISHED = 5_000_000;

  private final String title;
  private final int jobs;

  Workload(String title, int jobs) {
    this.title = title;
    this.jobs = jobs;
  }

  String title() {
    return title;
  }

  int jobs() {
    return jobs;
  }
}
