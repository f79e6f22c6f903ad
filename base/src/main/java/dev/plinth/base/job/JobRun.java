package dev.plinth.base.job;

import dev.plinth.base.tenancy.Scope;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.Tenancy;
import dev.plinth.base.tenancy.TenantTx;
import java.time.Instant;
import java.util.UUID;

/** What the work of a job is given: transactions, and a way to notice that it has to stop. */
public final class JobRun {

  private final Tenancy tenancy;
  private final JobState claimed;
  private final StopSignal signal;

  JobRun(Tenancy tenancy, JobState claimed, StopSignal signal) {
    this.tenancy = tenancy;
    this.claimed = claimed;
    this.signal = signal;
  }

  /** Work across organizations; what is noted as its reason is the job's name. */
  public Scope<SystemTx> asSystem() {
    return tenancy.asSystem(claimed.name());
  }

  /** Work as the machinery of one organization, called by the job's name. */
  public Scope<TenantTx> asService(UUID organization) {
    return tenancy.asService(organization, claimed.name());
  }

  /** When the run began, by the clock that {@code tx.now()} shows; the same for all of the run. */
  public Instant startedAt() {
    return claimed.lastStartedAt().orElseThrow();
  }

  /**
   * Whether to stop, because the host closes, the time limit is over or the lease is lost; the
   * thread is interrupted as well. Ask it between batches, while there is still something to do:
   * once it has answered true, the run does not count as done, whether the work returns or throws.
   */
  public boolean stopping() {
    return signal.noticed();
  }
}
