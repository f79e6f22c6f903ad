package dev.plinth.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The same from many threads, which wait for each other. */
public final class AtOnce {

  private AtOnce() {}

  /** What a thread does; all go on when all are at the barrier. */
  @FunctionalInterface
  public interface Attempt<T> {
    T with(CyclicBarrier together) throws Exception;
  }

  /** What each of the threads had for a result. */
  public static <T> List<T> run(int threads, Attempt<T> attempt) throws Exception {
    CyclicBarrier together = new CyclicBarrier(threads);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<T>> calls = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        calls.add(() -> attempt.with(together));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : executor.invokeAll(calls)) {
        results.add(future.get());
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }
}
