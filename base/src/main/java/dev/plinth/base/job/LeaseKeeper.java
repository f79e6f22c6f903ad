package dev.plinth.base.job;

import dev.plinth.base.job.JobFailedException.Reason;
import dev.plinth.base.tenancy.Tenancy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extends the lease of a run, and tells the work to stop when its time is over or the lease may
 * have run out. From then on it extends no more: another host is to take over, whatever the work
 * does.
 */
final class LeaseKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
  private static final int EXTENSIONS = 4;

  /** One may hang in the database or wait for the pool, while the other looks at the time. */
  private static final int THREADS = 2;

  private final Tenancy tenancy;
  private final JobLease lease;
  private final StopSignal signal;
  private final ScheduledExecutorService threads;
  private final JobQueries queries = new JobQueries();
  private volatile long endsAt;
  private volatile boolean givenUp;

  LeaseKeeper(Tenancy tenancy, Claim claim, StopSignal signal) {
    this.tenancy = tenancy;
    this.lease = claim.lease();
    this.signal = signal;
    this.endsAt = endOf(lease.askedAt());
    this.threads =
        Executors.newScheduledThreadPool(THREADS, new DaemonThreads("plinth-lease-" + lease.job()));
    long interval = lease.length().toNanos() / EXTENSIONS;
    long first = lease.askedAt() + interval - System.nanoTime();
    threads.scheduleAtFixedRate(this::extend, first, interval, TimeUnit.NANOSECONDS);
    long limit = claim.job().timeLimit().toNanos();
    threads.schedule(() -> giveUp(Reason.OVERTIME), limit, TimeUnit.NANOSECONDS);
    awaitEnd();
  }

  /** The lease counts from the beginning of a transaction, which is after this. */
  private long endOf(long askedAt) {
    return askedAt + lease.length().toNanos();
  }

  private void awaitEnd() {
    threads.schedule(this::lookAtTime, endsAt - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private void lookAtTime() {
    if (endsAt - System.nanoTime() > 0) {
      awaitEnd();
    } else {
      giveUp(Reason.LEASE_LOST);
    }
  }

  private void extend() {
    if (givenUp) {
      return;
    }
    long askedAt = System.nanoTime();
    try {
      if (tenancy.asSystem(lease.job()).call(tx -> !givenUp && queries.extend(tx, lease))) {
        endsAt = endOf(askedAt);
      } else {
        giveUp(Reason.LEASE_LOST);
      }
    } catch (RuntimeException e) {
      LOG.debug("The lease of job {} was not extended; trying again", lease.job(), e);
    }
  }

  private void giveUp(Reason reason) {
    givenUp = true;
    signal.stop(reason);
  }

  /** Lets the lease be; the threads end when the statement that one may be in does. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
