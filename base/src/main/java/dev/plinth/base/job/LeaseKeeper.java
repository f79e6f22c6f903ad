package dev.plinth.base.job;

import dev.plinth.base.job.JobFailedException.Reason;
import dev.plinth.base.tenancy.Tenancy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extends the lease of a run from a thread of its own, and tells the work to stop when its time is
 * over or the lease cannot be kept. From then on it extends no more: another host is to take over,
 * whatever the work does.
 */
final class LeaseKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
  private static final int EXTENSIONS = 4;

  private final Tenancy tenancy;
  private final JobLease lease;
  private final StopSignal signal;
  private final ScheduledExecutorService thread;
  private final JobQueries queries = new JobQueries();
  private long extendedAt = System.nanoTime();
  private boolean givenUp;

  LeaseKeeper(Tenancy tenancy, Claim claim, StopSignal signal) {
    this.tenancy = tenancy;
    this.lease = claim.lease();
    this.signal = signal;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(new JobThreads("plinth-lease-" + lease.job()));
    long interval = lease.length().toNanos() / EXTENSIONS;
    thread.scheduleWithFixedDelay(this::extend, interval, interval, TimeUnit.NANOSECONDS);
    long limit = claim.job().timeLimit().toNanos();
    thread.schedule(() -> giveUp(Reason.OVERTIME), limit, TimeUnit.NANOSECONDS);
  }

  private void extend() {
    if (givenUp) {
      return;
    }
    try {
      if (tenancy.asSystem(lease.job()).call(tx -> queries.extend(tx, lease))) {
        extendedAt = System.nanoTime();
      } else {
        giveUp(Reason.LEASE_LOST);
      }
    } catch (RuntimeException e) {
      LOG.debug("The lease of job {} was not extended; trying again", lease.job(), e);
      if (System.nanoTime() - extendedAt > lease.length().toNanos()) {
        giveUp(Reason.LEASE_LOST);
      }
    }
  }

  private void giveUp(Reason reason) {
    givenUp = true;
    signal.stop(reason);
  }

  /** Lets the lease be; the thread ends when the statement that it may be in does. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
