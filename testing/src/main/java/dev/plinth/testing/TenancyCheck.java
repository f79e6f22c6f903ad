package dev.plinth.testing;

import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.tenancy.MemberRole;
import java.util.List;

/** Tries to reach what belongs to others; see {@link TenancyContract}. */
public final class TenancyCheck {

  private final Fixture fixture;

  TenancyCheck(Fixture fixture) {
    this.fixture = fixture;
  }

  /** What statements without predicates reach of others' rows; empty if nothing. */
  public <F> List<Finding> policies(TenancyContract<F> contract) {
    Cast<F> cast = Cast.of(fixture, contract);
    return new PolicyCheck(fixture, cast, contract.privateTables(), contract.administeredTables())
        .run();
  }

  /** What services reach of others' rows without the policies; empty if nothing. */
  public <F> List<Finding> predicates(TenancyContract<F> contract) {
    try (Fixture bypassing = fixture.bypassing()) {
      Cast<F> cast = Cast.of(bypassing, contract);
      Probes<F> probes = new Probes<>();
      contract.probes(probes);
      return new PredicateCheck<>(bypassing, cast, probes).run();
    }
  }

  /**
   * Who plays: two members of one organization, and one of another; the owners have filled theirs.
   */
  record Cast<F>(Member alice, Member amy, Member bob, F own, F other) {

    static <F> Cast<F> of(Fixture fixture, TenancyContract<F> contract) {
      Organization acme = fixture.organization("acme");
      Organization globex = fixture.organization("globex");
      Member alice = fixture.owner(acme);
      Member bob = fixture.owner(globex);
      Member amy = fixture.member(acme, "amy", MemberRole.DEVELOPER);
      F own = contract.fill(fixture.plinth(), alice);
      F other = contract.fill(fixture.plinth(), bob);
      return new Cast<>(alice, amy, bob, own, other);
    }
  }
}
