package dev.plinth.base.job;

import dev.plinth.base.job.JobFailedException.Reason;
import dev.plinth.base.job.JobQueries.Failure;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.Tenancy;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a claimed job: does the work while its lease is kept, and records how it went. */
final class JobExecution {

  private static final Logger LOG = LoggerFactory.getLogger(JobExecution.class);

  /** The wait after the first failure; doubled after each that follows, up to the job's period. */
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(10);

  private static final int MOST_DOUBLINGS = 20;

  private final Tenancy tenancy;
  private final Claim claim;
  private final StopSignal signal;
  private final String name;
  private final JobQueries queries = new JobQueries();

  JobExecution(Tenancy tenancy, Claim claim, StopSignal signal) {
    this.tenancy = tenancy;
    this.claim = claim;
    this.signal = signal;
    this.name = claim.job().name();
  }

  /** Why it was not done; empty if it was, and if that is recorded. */
  Optional<JobFailedException> run() {
    @Nullable Throwable thrown;
    try (LeaseKeeper keeper = new LeaseKeeper(tenancy, claim, signal)) {
      thrown = attempt();
    }
    @Nullable JobFailedException failure = record(failure(thrown));
    report(failure);
    return Optional.ofNullable(failure);
  }

  /** What the work threw: also an error, which is the job's and must not end the host's runs. */
  private @Nullable Throwable attempt() {
    signal.workBegins();
    try {
      claim.job().work().run(new JobRun(tenancy, claim.state(), signal));
      return null;
    } catch (Throwable e) {
      return e;
    } finally {
      signal.workEnds();
    }
  }

  private @Nullable JobFailedException failure(@Nullable Throwable thrown) {
    Optional<Reason> cutShort = signal.cutShort(thrown != null);
    if (thrown == null && cutShort.isEmpty()) {
      return null;
    }
    return new JobFailedException(name, cutShort.orElse(Reason.THREW), thrown);
  }

  private static void report(@Nullable JobFailedException failure) {
    if (failure != null && failure.reason() == Reason.CLOSED) {
      LOG.info("{}; it is still due", failure.getMessage());
    } else if (failure != null) {
      LOG.warn("A background job was not done", failure);
    }
  }

  /** What is done but cannot be recorded counts as failed: it will be done again. */
  private @Nullable JobFailedException record(@Nullable JobFailedException failure) {
    try {
      boolean held = tenancy.asSystem(name).call(tx -> write(tx, failure));
      return held || failure != null
          ? failure
          : new JobFailedException(name, Reason.LEASE_LOST, null);
    } catch (RuntimeException e) {
      if (failure == null) {
        return new JobFailedException(name, Reason.LEASE_LOST, e);
      }
      failure.addSuppressed(e);
      return failure;
    }
  }

  private boolean write(SystemTx tx, @Nullable JobFailedException failure) {
    JobLease lease = claim.lease();
    if (failure == null) {
      JobState state = claim.state();
      return queries.succeed(
          tx, lease, state.lastStartedAt().orElseThrow().plus(claim.job().every()));
    }
    if (failure.reason() == Reason.CLOSED) {
      return queries.release(tx, lease);
    }
    return queries.fail(tx, lease, new Failure(failure.recorded(), tx.now().plus(backoff())));
  }

  private Duration backoff() {
    int doublings = Math.min(claim.state().consecutiveFailures(), MOST_DOUBLINGS);
    Duration grown = FIRST_BACKOFF.multipliedBy(1L << doublings);
    Duration period = claim.job().every();
    return grown.compareTo(period) < 0 ? grown : period;
  }
}
