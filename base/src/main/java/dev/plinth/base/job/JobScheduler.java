package dev.plinth.base.job;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from time to time which jobs are due, and has them run: two at a time, so that jobs leave
 * the host's pool to the host. {@code Plinth} has one; thread-safe.
 */
public final class JobScheduler implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JobScheduler.class);
  private static final int AT_ONCE = 2;

  private final JobRunner runner;
  private final JobTiming timing;
  private final Set<String> handedOver = ConcurrentHashMap.newKeySet();
  private @Nullable ScheduledExecutorService ticker;
  private @Nullable ExecutorService workers;
  private boolean closed;
  private volatile boolean troubled;

  /** Makes one, at rest. */
  public JobScheduler(JobRunner runner, JobTiming timing) {
    this.runner = runner;
    this.timing = timing;
  }

  /**
   * Begins to look, and touches no database itself; does nothing the second time.
   *
   * @throws PlinthClosedException after {@link #close()}
   */
  public synchronized void start() {
    if (closed) {
      throw new PlinthClosedException("it cannot be started again");
    }
    if (ticker != null) {
      return;
    }
    workers = Executors.newFixedThreadPool(AT_ONCE, new DaemonThreads("plinth-job"));
    ScheduledExecutorService looking =
        Executors.newSingleThreadScheduledExecutor(new DaemonThreads("plinth-jobs"));
    ExecutorService running = workers;
    long period = timing.polling().toNanos();
    long first = ThreadLocalRandom.current().nextLong(period);
    looking.scheduleWithFixedDelay(() -> look(running), first, period, TimeUnit.NANOSECONDS);
    ticker = looking;
  }

  /**
   * Begins no run any more, tells those that run to stop, waits for them, and gives their leases
   * back. What does not end in time keeps its lease until it does. Harmless without start, and
   * twice.
   */
  @Override
  public void close() {
    long deadline = System.nanoTime() + timing.closing().toNanos();
    Optional<ExecutorService> looking = shutDown();
    if (!runner.close(timing.closing())) {
      LOG.warn("A background job goes on after close(): it neither ended nor heeds interrupts");
    }
    looking.ifPresent(last -> await(last, deadline - System.nanoTime()));
  }

  private synchronized Optional<ExecutorService> shutDown() {
    closed = true;
    if (ticker != null && workers != null) {
      ticker.shutdown();
      workers.shutdown();
    }
    return Optional.ofNullable(ticker);
  }

  /** The host may close its pool after us: nobody is to be at a statement then. */
  private static void await(ExecutorService last, long nanos) {
    try {
      if (!last.awaitTermination(nanos, TimeUnit.NANOSECONDS)) {
        LOG.warn("Background work goes on after close(): the database does not answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is thrown here would end the schedule for good. */
  private void look(ExecutorService running) {
    try {
      runner.due().forEach(name -> handOver(running, name));
      recovered();
    } catch (RuntimeException | Error e) {
      trouble(e);
    }
  }

  private void handOver(ExecutorService running, String name) {
    if (handedOver.add(name)) {
      running.execute(() -> run(name));
    }
  }

  private void run(String name) {
    try {
      runner.runIfDue(name);
    } catch (RuntimeException | Error e) {
      trouble(e);
    } finally {
      handedOver.remove(name);
    }
  }

  private synchronized void trouble(Throwable failure) {
    if (troubled || closed) {
      LOG.debug("Still no access to background jobs", failure);
      return;
    }
    troubled = true;
    LOG.warn("No access to background jobs; trying again every {}", timing.polling(), failure);
  }

  private void recovered() {
    if (troubled) {
      troubled = false;
      LOG.info("Background jobs can be reached again");
    }
  }
}
