package dev.plinth.tasks.worker;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the thread that does a task to stop: by a flag, and by an interrupt that reaches it in the
 * handler only.
 */
final class Stop {

  /** Why to stop. */
  enum Reason {
    CANCELLED,
    TIMED_OUT,
    LEASE_LOST,
    CLOSING
  }

  private @Nullable Thread handler;
  private @Nullable Reason reason;
  private long stoppedNanos;
  private boolean interrupting;
  private boolean noticed;

  /** The first reason counts; the interrupt may follow later. */
  synchronized void stop(Reason why, boolean interrupt) {
    if (reason == null) {
      reason = why;
      stoppedNanos = System.nanoTime();
    }
    interrupting |= interrupt;
    if (interrupting && handler != null) {
      handler.interrupt();
    }
  }

  synchronized void handlerBegins() {
    handler = Thread.currentThread();
    if (interrupting) {
      handler.interrupt();
    }
  }

  /** Takes the interrupt back, if it was ours. */
  synchronized void handlerEnds() {
    handler = null;
    if (interrupting) {
      Thread.interrupted();
    }
  }

  /** Whether to stop; the handler knows then. */
  synchronized boolean noticed() {
    noticed |= reason != null;
    return noticed;
  }

  synchronized Optional<Reason> reason() {
    return Optional.ofNullable(reason);
  }

  /** Since when, by {@link System#nanoTime()}. */
  synchronized Optional<Long> since() {
    return reason == null ? Optional.empty() : Optional.of(stoppedNanos);
  }

  /** Why the handler did not come to its end, if it threw or has noticed. */
  synchronized Optional<Reason> cutShort(boolean threw) {
    return threw || noticed ? Optional.ofNullable(reason) : Optional.empty();
  }
}
