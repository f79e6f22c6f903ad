package dev.plinth.host;

import java.io.PrintWriter;

/** Says on standard error what is being done, so that standard output holds the report alone. */
final class Progress {

  private final PrintWriter err;
  private final long began = System.nanoTime();

  Progress(PrintWriter err) {
    this.err = err;
  }

  void step(String what) {
    long millis = (System.nanoTime() - began) / 1_000_000;
    err.printf("%6d ms  %s%n", millis, what);
    err.flush();
  }
}
