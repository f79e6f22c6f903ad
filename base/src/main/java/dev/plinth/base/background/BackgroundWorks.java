package dev.plinth.base.background;

import dev.plinth.base.job.DaemonThreads;
import dev.plinth.base.job.PlinthClosedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The background work of all modules of a host. {@code Plinth} has one; thread-safe. */
public final class BackgroundWorks {

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundWorks.class);

  /** What a work may take beyond the limit to write down what it gives up. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private final List<BackgroundWork> works;
  private boolean started;
  private boolean closed;

  /** Those works, at rest. */
  public BackgroundWorks(List<BackgroundWork> works) {
    this.works = List.copyOf(works);
  }

  /**
   * Begins them; does nothing the second time.
   *
   * @throws PlinthClosedException after {@link #close}
   */
  public synchronized void start(Background background) {
    if (closed) {
      throw new PlinthClosedException("it cannot be started again");
    }
    if (!started) {
      started = true;
      works.forEach(work -> work.start(background));
    }
  }

  /** Ends them, all at once, and waits for that; one that fails to end hinders no other. */
  public synchronized void close(Duration limit) {
    closed = true;
    List<Thread> ending = new ArrayList<>();
    DaemonThreads threads = new DaemonThreads("plinth-close");
    for (BackgroundWork work : works) {
      Thread thread = threads.newThread(() -> close(work, limit));
      thread.start();
      ending.add(thread);
    }
    ending.forEach(thread -> await(thread, limit));
  }

  private static void close(BackgroundWork work, Duration limit) {
    try {
      work.close(limit);
    } catch (RuntimeException e) {
      LOG.warn("Background work did not end as it should", e);
    }
  }

  private static void await(Thread thread, Duration limit) {
    try {
      thread.join(limit.plus(MARGIN).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
