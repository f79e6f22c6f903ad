package dev.plinth.tasks.worker;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** Measures what the current thread takes, as far as the JVM tells. */
record Meter(long wallNanos, long cpuNanos, long bytes) {

  private static final java.lang.management.ThreadMXBean THREADS =
      ManagementFactory.getThreadMXBean();
  private static final boolean CPU =
      THREADS.isCurrentThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();

  static Meter start() {
    return new Meter(System.nanoTime(), cpu(), allocated());
  }

  Trail.Measured stop() {
    long cpu = CPU ? TimeUnit.NANOSECONDS.toMillis(cpu() - cpuNanos) : -1;
    long allocated = bytes < 0 ? -1 : Math.max(0, allocated() - bytes);
    long wall = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - wallNanos);
    return new Trail.Measured(wall, cpu, allocated);
  }

  private static long cpu() {
    return CPU ? THREADS.getCurrentThreadCpuTime() : -1;
  }

  private static long allocated() {
    return THREADS instanceof ThreadMXBean more && more.isThreadAllocatedMemorySupported()
        ? more.getThreadAllocatedBytes(Thread.currentThread().getId())
        : -1;
  }
}
