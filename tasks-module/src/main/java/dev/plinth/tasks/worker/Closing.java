package dev.plinth.tasks.worker;

import dev.plinth.tasks.worker.Stop.Reason;
import java.time.Duration;

/** How handlers end when their worker closes: asked at first, then interrupted, then left alone. */
final class Closing {

  /** Of the time to close, what is left for writing. */
  private static final int FOR_WRITING = 5;

  private final Shop shop;

  Closing(Shop shop) {
    this.shop = shop;
  }

  /** Ends what is held until a time, by {@link System#nanoTime()}. */
  void close(long end) throws InterruptedException {
    Handlers handlers = shop.handlers();
    handlers.notBegun().forEach(Attempt::giveBack);
    handlers.close();
    long limit = end - System.nanoTime();
    stop(false);
    if (handlers.awaitEnd(Duration.ofNanos(limit / 2))) {
      return;
    }
    stop(true);
    if (!handlers.awaitEnd(Duration.ofNanos(end - limit / FOR_WRITING - System.nanoTime()))) {
      shop.held().forEach(attempt -> attempt.end(attempt.verdict().released()));
    }
  }

  private void stop(boolean interrupt) {
    shop.held().forEach(attempt -> attempt.stop().stop(Reason.CLOSING, interrupt));
  }
}
