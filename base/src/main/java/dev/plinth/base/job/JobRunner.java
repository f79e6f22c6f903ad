package dev.plinth.base.job;

import dev.plinth.base.error.ConcurrentUpdateException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.job.JobFailedException.Reason;
import dev.plinth.base.telemetry.Telemetry;
import dev.plinth.base.telemetry.TelemetryGuard;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.Tenancy;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Runs the jobs that this host knows, each under a lease of the database's. {@code Plinth} has one;
 * thread-safe.
 */
public final class JobRunner {

  private static final String WHY = "background jobs";

  private final Tenancy tenancy;
  private final JobTiming timing;
  private final TelemetryGuard telemetry;
  private final JobQueries queries = new JobQueries();
  private final Running running = new Running();

  /** Sorted, so that hosts that register them at once lock their rows in the same order. */
  private final Map<String, Job> jobs = new TreeMap<>();

  private volatile boolean registered;

  /**
   * Makes one.
   *
   * @param known the jobs, each name once
   * @param listener hears how each run ended
   */
  public JobRunner(Tenancy tenancy, Collection<Job> known, JobTiming timing, Telemetry listener) {
    this.tenancy = tenancy;
    this.timing = timing;
    this.telemetry = new TelemetryGuard(listener);
    known.forEach(job -> jobs.put(job.name(), job));
  }

  /** What somebody has to run now. After a failure the rows may be gone, so they are made again. */
  List<String> due() {
    try {
      if (!registered) {
        tenancy.asSystem(WHY).run(tx -> jobs.values().forEach(job -> queries.register(tx, job)));
        registered = true;
      }
      return tenancy.asSystem(WHY).read(tx -> queries.due(tx, jobs.keySet()));
    } catch (RuntimeException e) {
      registered = false;
      throw e;
    }
  }

  /** Runs a job unless another host was faster, or this one is closed. */
  void runIfDue(String name) {
    Job job = known(name);
    StopSignal signal = new StopSignal();
    if (running.enter(signal)) {
      try {
        claimed(job).ifPresent(claim -> execute(claim, signal));
      } finally {
        running.leave(signal);
      }
    }
  }

  JobState runNow(String name) {
    Job job = known(name);
    StopSignal signal = new StopSignal();
    if (!running.enter(signal)) {
      throw new PlinthClosedException("job " + name + " is not run any more");
    }
    try {
      JobLease lease = JobLease.of(job, timing);
      Claim claim = tenancy.asSystem(WHY).call(tx -> claimedNow(tx, job, lease));
      Optional<JobFailedException> failure = execute(claim, signal);
      if (failure.isPresent()) {
        throw interrupting(failure.get());
      }
      return tenancy.asSystem(WHY).read(tx -> queries.find(tx, name)).orElseThrow();
    } finally {
      running.leave(signal);
    }
  }

  List<JobState> states(SystemTx tx) {
    return queries.all(tx);
  }

  /** Begins nothing any more and waits for what runs; false if it did not end in time. */
  boolean close(Duration limit) {
    running.close();
    return running.awaitNone(limit);
  }

  private Optional<JobFailedException> execute(Claim claim, StopSignal signal) {
    long begun = System.nanoTime();
    Optional<JobFailedException> failure = new JobExecution(tenancy, claim, signal).run();
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    telemetry.job(claim.job().name(), failure.isEmpty(), took);
    return failure;
  }

  /** What interrupted the work, if it was not a stop of ours, concerns the thread's owner too. */
  private static JobFailedException interrupting(JobFailedException failure) {
    if (failure.reason() == Reason.THREW && failure.getCause() instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return failure;
  }

  private Job known(String name) {
    Job job = jobs.get(name);
    if (job == null) {
      throw new NotFoundException("job", name, null);
    }
    return job;
  }

  private Optional<Claim> claimed(Job job) {
    JobLease lease = JobLease.of(job, timing);
    try {
      return tenancy
          .asSystem(WHY)
          .call(tx -> queries.claimDue(tx, lease).map(state -> new Claim(job, lease, state)));
    } catch (ConcurrentUpdateException e) {
      return Optional.empty();
    }
  }

  private Claim claimedNow(SystemTx tx, Job job, JobLease lease) {
    queries.register(tx, job);
    return queries
        .claim(tx, lease)
        .map(state -> new Claim(job, lease, state))
        .orElseThrow(() -> new JobRunningException(job.name(), holder(tx, job)));
  }

  private String holder(SystemTx tx, Job job) {
    return queries.find(tx, job.name()).flatMap(JobState::leaseHolder).orElse("another host");
  }
}
