package dev.plinth.tasks.worker;

import dev.plinth.base.job.DaemonThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that do tasks, in the order in which they were claimed. */
final class Handlers {

  private final ThreadPoolExecutor threads;

  Handlers(int concurrency) {
    this.threads =
        new ThreadPoolExecutor(
            concurrency,
            concurrency,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DaemonThreads("plinth-task"));
  }

  /** False if it is closed. */
  boolean execute(Attempt attempt) {
    try {
      threads.execute(attempt);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  synchronized void grow() {
    threads.setMaximumPoolSize(threads.getMaximumPoolSize() + 1);
    threads.setCorePoolSize(threads.getCorePoolSize() + 1);
  }

  synchronized void shrink() {
    threads.setCorePoolSize(threads.getCorePoolSize() - 1);
    threads.setMaximumPoolSize(threads.getMaximumPoolSize() - 1);
  }

  /** Those that did not begin, and never will here. */
  List<Attempt> notBegun() {
    List<Runnable> waiting = new ArrayList<>();
    threads.getQueue().drainTo(waiting);
    return waiting.stream().map(Attempt.class::cast).toList();
  }

  void close() {
    threads.shutdown();
  }

  boolean awaitEnd(Duration limit) throws InterruptedException {
    return threads.awaitTermination(Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS);
  }
}
