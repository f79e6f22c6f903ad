package dev.plinth.base.job;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.UUID;

/**
 * One host's right to run one job, until it runs out or is given back.
 *
 * @param job the job's name
 * @param token what fences the run: a later lease has another
 * @param length how long it lasts, from the beginning of the transaction that claims or extends it
 * @param askedAt by {@link System#nanoTime()}, before the claim began: surely no later than that
 */
record JobLease(String job, UUID token, Duration length, long askedAt) {

  /** Process and machine, for people. */
  static final String HOLDER = ProcessHandle.current().pid() + "@" + machine();

  /** One to ask for now. */
  static JobLease of(Job job, JobTiming timing) {
    return new JobLease(job.name(), UUID.randomUUID(), timing.lease(), System.nanoTime());
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
