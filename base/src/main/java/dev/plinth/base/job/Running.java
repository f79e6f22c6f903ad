package dev.plinth.base.job;

import dev.plinth.base.job.JobFailedException.Reason;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What this host is running, so that closing can stop it and wait. */
final class Running {

  private final Set<StopSignal> signals = new HashSet<>();
  private boolean closed;

  /** False if nothing may begin any more. */
  synchronized boolean enter(StopSignal signal) {
    return !closed && signals.add(signal);
  }

  synchronized void leave(StopSignal signal) {
    signals.remove(signal);
    notifyAll();
  }

  synchronized void close() {
    closed = true;
    signals.forEach(signal -> signal.stop(Reason.CLOSED));
  }

  /** False if something is still running after that time, or if this thread was interrupted. */
  synchronized boolean awaitNone(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    try {
      while (!signals.isEmpty()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
