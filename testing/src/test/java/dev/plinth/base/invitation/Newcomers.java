package dev.plinth.base.invitation;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.NewMember;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.user.NewUser;
import java.util.UUID;

/** Users and members that a test makes itself. */
final class Newcomers {

  private Newcomers() {}

  static UUID user(Plinth plinth, String name) {
    return plinth.asSystem("test").call(tx -> plinth.users().create(tx, NewUser.named(name))).id();
  }

  static Member member(Plinth plinth, Member owner, MemberRole role) {
    UUID user = user(plinth, "newcomer");
    return plinth
        .as(owner)
        .call(tx -> plinth.members().add(tx, NewMember.of(user, role, "Newcomer")));
  }
}
