package dev.plinth.testing;

import org.junit.jupiter.api.Test;

/** Migrations, for the modules of a {@link PlinthTest} class that implements this. */
public interface MigrationContract {

  /** Up, down to an empty database, and up again: links first, then modules. */
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

  /** What a link refers to cannot be taken back, and nothing is when that is tried. */
  @Test
  default void linksHoldWhatTheyReferTo(MigrationCheck check) {
    Findings.requireNone(check.linksHold());
  }

  /** The SQL that is printed for a DBA makes what migrate() makes. */
  @Test
  default void whatADbaIsGivenMakesTheSame(MigrationCheck check) {
    Findings.requireNone(check.printed());
  }

  /** FORCE hides rows from the owner: who validates or changes them says NO FORCE before. */
  @Test
  default void noMigrationIsBlind(MigrationCheck check) {
    Findings.requireNone(check.blind());
  }
}
