package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.NewMember;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;

/** Organizations and people: found if an earlier run made them, else made. */
final class Tenants {

  private final Plinth plinth;

  Tenants(Plinth plinth) {
    this.plinth = plinth;
  }

  User user(SystemTx tx, String name, String email) {
    return plinth
        .users()
        .findByEmail(tx, email)
        .orElseGet(() -> plinth.users().create(tx, NewUser.named(name).email(email)));
  }

  Organization organization(SystemTx tx, String slug, User owner) {
    return plinth
        .organizations()
        .findBySlug(tx, slug)
        .orElseGet(
            () ->
                plinth
                    .organizations()
                    .create(tx, NewOrganization.of(slug, slug).ownedBy(owner.id())));
  }

  Member owner(Organization organization) {
    return plinth
        .asService(organization.id(), "host")
        .read(tx -> plinth.members().list(tx, PageRequest.first(PageRequest.MAX_LIMIT)))
        .items()
        .stream()
        .filter(member -> member.role() == MemberRole.OWNER)
        .findFirst()
        .orElseThrow(() -> new NotFoundException("owner", organization.slug(), null));
  }

  /** The member that a user is, with the role that the user has, or else with this one. */
  Member member(TenantTx tx, User user, MemberRole role) {
    try {
      return plinth.members().get(tx, user.id());
    } catch (NotFoundException e) {
      return plinth.members().add(tx, NewMember.of(user.id(), role, user.username()));
    }
  }
}
