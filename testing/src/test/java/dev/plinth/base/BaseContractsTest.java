package dev.plinth.base;

import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Members;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.testing.CatalogContract;
import dev.plinth.testing.MigrationContract;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Probes;
import dev.plinth.testing.TenancyContract;
import java.util.UUID;

/** The standing contracts, for base itself. */
@PlinthTest
class BaseContractsTest implements CatalogContract, MigrationContract, TenancyContract<Member> {

  private final Members members = new Members();

  @Override
  public Member fill(Plinth plinth, Member member) {
    return member;
  }

  @Override
  public void probes(Probes<Member> probes) {
    PageRequest page = PageRequest.first(100);
    probes
        .reads("members.list", (tx, own, other) -> members.list(tx, page))
        .reads("members.get", (tx, own, other) -> members.get(tx, own.userId()))
        .refuses("members.get of another", (tx, own, other) -> members.get(tx, other.userId()))
        .writes("members.changeProfile", (tx, own, other) -> changeProfile(tx, own))
        .refuses("members.changeProfile of another", (tx, own, other) -> changeProfile(tx, other))
        .refuses(
            "members.changeRole of another",
            (tx, own, other) ->
                members.changeRole(tx, other.userId(), other.version(), MemberRole.VIEWER))
        .refuses(
            "members.remove of another",
            (tx, own, other) -> {
              members.remove(tx, other.userId(), other.version());
              return UUID.randomUUID();
            });
  }

  private Member changeProfile(TenantTx tx, Member member) {
    return members.changeProfile(tx, member.userId(), member.version(), "Somebody", null);
  }
}
