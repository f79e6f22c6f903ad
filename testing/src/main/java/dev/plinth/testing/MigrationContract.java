package dev.plinth.testing;

import org.junit.jupiter.api.Test;

/** Migrations, for the modules of a {@link PlinthTest} class that implements this. */
public interface MigrationContract {

  /** Up, down to an empty database, and up again. */
  @Test
  default void migrationsGoUpDownAndUpAgain(MigrationCheck check) {
    Findings.requireNone(check.upDownUp());
  }

  /** Eight hosts that start at once on an empty database all succeed. */
  @Test
  default void eightHostsMigrateAtOnce(MigrationCheck check) {
    Findings.requireNone(check.manyAtOnce(8));
  }

  /** Every set of modules that has what it depends on can be migrated alone. */
  @Test
  default void everyCompleteSubsetOfModulesMigrates(MigrationCheck check) {
    Findings.requireNone(check.everySubset());
  }
}
