package dev.plinth.benchmarks.task;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the jobs that ran, and wakes who waits for the last. Thread-safe. */
final class Executions {

  private static final long MINUTES = 10;

  private final int expected;
  private final AtomicInteger ran = new AtomicInteger();
  private final CountDownLatch all = new CountDownLatch(1);
  private volatile long firstAt;

  Executions(int expected) {
    this.expected = expected;
  }

  /** What a job does: nothing but to be counted. */
  void run() {
    int count = ran.incrementAndGet();
    if (count == 1) {
      firstAt = System.nanoTime();
    }
    if (count == expected) {
      all.countDown();
    }
  }

  /** Waits until all ran. */
  void await() throws InterruptedException {
    if (!all.await(MINUTES, TimeUnit.MINUTES)) {
      throw new IllegalStateException("Only %s of %d ran".formatted(ran, expected));
    }
  }

  /** Seconds since the first job began. */
  double seconds() {
    return (System.nanoTime() - firstAt) / 1e9;
  }

  /** Refuses a run in which a job ran twice. */
  void requireExactly() {
    if (ran.get() != expected) {
      throw new IllegalStateException("%s ran, not %d".formatted(ran, expected));
    }
  }
}
