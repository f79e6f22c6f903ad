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
}
