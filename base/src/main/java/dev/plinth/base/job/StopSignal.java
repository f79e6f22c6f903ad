package dev.plinth.base.job;

import dev.plinth.base.job.JobFailedException.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the thread that does a job's work to stop: by a flag, and by an interrupt that reaches it
 * in the work only, not when it claims the job or records how it went.
 */
final class StopSignal {

  private @Nullable Thread worker;
  private @Nullable Reason reason;
  private boolean noticed;

  /** The first reason counts. */
  synchronized void stop(Reason why) {
    if (reason == null) {
      reason = why;
      if (worker != null) {
        worker.interrupt();
      }
    }
  }

  synchronized void workBegins() {
    worker = Thread.currentThread();
    if (reason != null) {
      worker.interrupt();
    }
  }

  /** Takes the interrupt back, if it was ours. */
  synchronized void workEnds() {
    worker = null;
    if (reason != null) {
      Thread.interrupted();
    }
  }

  synchronized boolean noticed() {
    noticed |= reason != null;
    return noticed;
  }

  /** Why the work was not done to its end, if it threw or has noticed the signal. */
  synchronized Optional<Reason> cutShort(boolean threw) {
    return threw || noticed ? Optional.ofNullable(reason) : Optional.empty();
  }
}
