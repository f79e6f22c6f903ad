package dev.plinth.tasks.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a worker works.
 *
 * @param name process and machine, for people
 * @param queues which it serves
 * @param concurrency how many tasks it does at once
 * @param batchSize how many it claims at once at most
 * @param takeover after which time others do what it had, when it is no more
 * @param polling how often it looks when nobody wakes it
 * @param handlers which functions it knows
 * @param neverRetried exceptions after which trying again is of no use
 */
record WorkerSettings(
    String name,
    List<String> queues,
    int concurrency,
    int batchSize,
    Duration takeover,
    Duration polling,
    Map<String, TaskHandler> handlers,
    List<Class<? extends Throwable>> neverRetried,
    TaskTelemetry telemetry) {

  /** How long a lease lasts: the rest of the time to take over is for others to look. */
  Duration lease() {
    return takeover.multipliedBy(2).dividedBy(3);
  }

  /** How often leases are extended: three may fail. */
  Duration heartbeat() {
    return lease().dividedBy(4);
  }

  /** How often it looks for leases that ran out. */
  Duration recovery() {
    return takeover.dividedBy(6);
  }
}
