package dev.plinth.base.job;

import java.util.concurrent.ThreadFactory;

/**
 * Named daemon threads, for whatever works in the background: a host that forgets to close can end
 * all the same.
 */
public final class DaemonThreads implements ThreadFactory {

  private final String name;

  /** Threads that all have that name. */
  public DaemonThreads(String name) {
    this.name = name;
  }

  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
