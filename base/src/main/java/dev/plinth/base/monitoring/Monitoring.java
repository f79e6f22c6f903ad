package dev.plinth.base.monitoring;

import dev.plinth.base.tenancy.SystemTx;
import java.util.List;

/**
 * How the database and the modules that are installed in it are, whatever modules this host has.
 * Figures are of all organizations, so they are the system's to read. None reads a large table to
 * its end. Thread-safe.
 */
public final class Monitoring {

  private final MonitoringQueries queries = new MonitoringQueries();

  /** How every component is, in the order of modules and components. */
  public List<Health> health(SystemTx tx) {
    return queries.health(tx);
  }

  /** How good the data is, in the order of modules, tables and metrics. */
  public List<QualityMetric> quality(SystemTx tx) {
    return queries.quality(tx);
  }

  /** Whether something is that must never be, in the order of modules and checks. */
  public List<IntegrityCheck> integrity(SystemTx tx) {
    return queries.integrity(tx);
  }

  /** What needs somebody now, the worst first; empty if nothing does. */
  public List<Alert> alerts(SystemTx tx) {
    return queries.alerts(tx);
  }

  /** The migrations that were applied, the last one first. */
  public List<AppliedMigration> migrations(SystemTx tx) {
    return queries.migrations(tx);
  }
}
