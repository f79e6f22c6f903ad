package dev.plinth.tasks.worker;

import dev.plinth.base.background.Background;
import dev.plinth.base.job.DaemonThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does tasks of all organizations in the background: from {@code Plinth.start()} to {@code
 * close()}, or as long as its host wants. Thread-safe.
 *
 * <p>Each handler is called at least once for each task, and by one worker at a time as long as
 * that one is heard of. It takes five of the host's connections where it has enough to do, one of
 * them for good to listen on, and those that its handlers open: the pool has to be larger than the
 * concurrency by five.
 */
public final class Worker {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  /** Of the time to close, what is at most for claims that are under way. */
  private static final int FOR_CLAIMING = 4;

  private final WorkerSettings settings;
  private final List<Thread> threads = new ArrayList<>();
  private @Nullable Parts parts;
  private boolean closed;

  Worker(WorkerSettings settings) {
    this.settings = settings;
  }

  /** Who it is, for people: what stands as the worker of a task. */
  public String name() {
    return settings.name();
  }

  /** What runs. */
  private record Parts(
      Shop shop, Dispatcher dispatcher, Upkeep upkeep, Keeper keeper, Listener listener) {}

  synchronized void start(Background background) {
    if (closed || parts != null) {
      return;
    }
    Shop shop = new Shop(settings, background.tenancy());
    Dispatcher dispatcher = new Dispatcher(shop);
    Upkeep upkeep = new Upkeep(shop);
    Keeper keeper = new Keeper(shop);
    Listener listener = new Listener(background.listening(), shop, keeper);
    parts = new Parts(shop, dispatcher, upkeep, keeper, listener);
    keeper.start();
    run("plinth-task-finisher", shop.finisher());
    run("plinth-task-dispatcher", dispatcher);
    run("plinth-task-upkeep", upkeep);
    run("plinth-task-listener", listener);
  }

  private void run(String name, Runnable part) {
    Thread thread = new DaemonThreads(name).newThread(part);
    thread.start();
    threads.add(thread);
  }

  /**
   * Claims nothing any more, gives back what was not begun, tells handlers to stop and waits for
   * them, interrupts those that do not, and gives back what is not done then: other workers go on
   * with it at once, and the attempt does not count. Harmless twice.
   *
   * @param limit how long to wait
   */
  public synchronized void close(Duration limit) {
    closed = true;
    if (parts == null) {
      return;
    }
    long end = System.nanoTime() + limit.toNanos();
    try {
      close(parts, end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      parts = null;
    }
  }

  private void close(Parts ending, long end) throws InterruptedException {
    ending.listener().close();
    ending.upkeep().close();
    ending.dispatcher().close(Duration.ofNanos(end - System.nanoTime()).dividedBy(FOR_CLAIMING));
    new Closing(ending.shop()).close(end);
    ending.shop().finisher().close();
    for (Thread thread : threads) {
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
      if (thread.isAlive()) {
        LOG.warn("{} goes on after close(): the database does not answer", thread.getName());
        thread.interrupt();
      }
    }
    ending.keeper().close();
  }
}
