package dev.plinth.tasks.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
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
            threads("plinth-task"));
  }

  /** Daemons: a host that forgets to close can end all the same. */
  static ThreadFactory threads(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
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
