package dev.plinth.benchmarks.task;

import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The one thread of a hand-written worker. */
final class Loop implements AutoCloseable {

  private static final long LIMIT_SECONDS = 10;

  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  /** What the thread does until it has nothing more to do. */
  interface Body {
    void run() throws SQLException;
  }

  void start(Body body) {
    thread.execute(
        () -> {
          try {
            body.run();
          } catch (SQLException e) {
            throw new IllegalStateException("The loop broke", e);
          }
        });
  }

  /** Waits for its end: its last statement is still under way when the last job is recorded. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
