package dev.plinth.base.background;

import java.time.Duration;

/**
 * What a module does in the background of every host, all the time: not once a period in the whole
 * cluster, as a {@code Job} is.
 */
public interface BackgroundWork {

  /** Begins; called once, by {@code Plinth.start()}. Returns at once and touches no database. */
  void start(Background background);

  /**
   * Begins nothing any more, tells what runs to stop, and waits for it. Harmless without start, and
   * twice.
   *
   * @param limit how long to wait
   */
  void close(Duration limit);
}
