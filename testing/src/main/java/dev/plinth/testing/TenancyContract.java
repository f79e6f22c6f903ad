package dev.plinth.testing;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Tenancy, for the modules of a {@link PlinthTest} class that implements this: every table ×
 * select, insert, update, delete × another organization and another user of the same one. Twice: as
 * {@code plinth_app} with statements that name no organization, which proves the policies; and
 * through the module's own services as a role that bypasses the policies, which proves their
 * predicates.
 *
 * @param <F> what {@link #fill} made, for the probes: ids, mostly
 */
public interface TenancyContract<F> {

  /** Writes rows into every table of the module, as a member; called for two organizations. */
  F fill(Plinth plinth, Member member);

  /** Calls that together read and write every table of the module. */
  void probes(Probes<F> probes);

  /** Tables, as {@code schema.table}, of which a user sees only the own rows. */
  default Set<String> privateTables() {
    return Set.of();
  }

  /** Tables, as {@code schema.table}, that only who administers the organization sees. */
  default Set<String> administeredTables() {
    return Set.of();
  }

  /**
   * No statement reaches a row of others, even one that names no organization; and for one that
   * does, the planner folds the policy into a filter that is checked once.
   */
  @Test
  default void policiesKeepOthersOut(TenancyCheck check) {
    Findings.requireNone(check.policies(this));
  }

  /** No statement of the module leaves it to the policies. */
  @Test
  default void statementsKeepOthersOutByThemselves(TenancyCheck check) {
    Findings.requireNone(check.predicates(this));
  }
}
