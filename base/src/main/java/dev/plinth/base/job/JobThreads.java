package dev.plinth.base.job;

import java.util.concurrent.ThreadFactory;

/** Named daemon threads: a host that forgets to close can end all the same. */
final class JobThreads implements ThreadFactory {

  private final String name;

  JobThreads(String name) {
    this.name = name;
  }

  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
