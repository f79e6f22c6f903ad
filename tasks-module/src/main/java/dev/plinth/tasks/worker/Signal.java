package dev.plinth.tasks.worker;

import java.util.concurrent.TimeUnit;

/** A bell: rung while nobody waits, it is heard by the next who does. */
final class Signal {

  private boolean rung;

  synchronized void ring() {
    rung = true;
    notifyAll();
  }

  /** Waits until it is rung, so long at most. */
  synchronized void await(long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    while (!rung) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return;
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
    rung = false;
  }
}
