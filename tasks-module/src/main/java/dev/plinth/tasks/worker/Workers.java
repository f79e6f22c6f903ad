package dev.plinth.tasks.worker;

import dev.plinth.base.background.Background;
import dev.plinth.base.background.BackgroundWork;
import dev.plinth.base.job.DaemonThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The workers of a host. The module has one; thread-safe. */
public final class Workers implements BackgroundWork {

  private final List<Worker> workers = new ArrayList<>();
  private @Nullable Background background;

  /** None so far. */
  public Workers() {}

  /** Begins to describe a worker. */
  public WorkerBuilder describe() {
    return new WorkerBuilder(this);
  }

  synchronized void add(Worker worker) {
    workers.add(worker);
    if (background != null) {
      worker.start(background);
    }
  }

  @Override
  public synchronized void start(Background given) {
    background = given;
    workers.forEach(worker -> worker.start(given));
  }

  @Override
  public void close(Duration limit) {
    List<Thread> closing = all().stream().map(worker -> closing(worker, limit)).toList();
    closing.forEach(Thread::start);
    try {
      for (Thread thread : closing) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread closing(Worker worker, Duration limit) {
    return new DaemonThreads("plinth-task-close").newThread(() -> worker.close(limit));
  }

  private synchronized List<Worker> all() {
    return List.copyOf(workers);
  }
}
