package dev.plinth.testing;

import dev.plinth.base.Plinth;
import org.junit.jupiter.api.Test;

/**
 * The rules of the catalog, for the modules of a {@link PlinthTest} class that implements this:
 * every table keeps tenants apart, whatever the code does.
 */
public interface CatalogContract {

  /** Finds nothing to complain about. */
  @Test
  default void everyTableKeepsTenantsApart(TestDatabase database, Plinth plinth) {
    Findings.requireNone(CatalogLinter.ofModules(plinth.modules()).lint(database.superuser()));
  }

  /** Health is asked often, so no part of it reads a tenant's table to its end. */
  @Test
  default void monitoringReadsNoTableToItsEnd(TestDatabase database) {
    Findings.requireNone(new MonitoringCheck(database.superuser()).unbounded());
  }
}
