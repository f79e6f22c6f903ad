package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.base.invitation.NewInvitation;
import dev.plinth.base.notification.NewNotification;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.user.User;
import dev.plinth.base.workspace.NewWorkspace;
import dev.plinth.base.workspace.Workspace;
import dev.plinth.base.workspace.WorkspaceRole;
import java.util.List;
import java.util.Locale;

/**
 * Development data of every module for one organization. Each piece is looked for before it is
 * made, so a second run adds nothing, and one of a newer version adds what is new.
 */
final class Seed {

  /** A user of the demonstration; the first owns the organization. */
  private record Person(String name, MemberRole role) {

    String email() {
      return name.toLowerCase(Locale.ROOT).replace(' ', '.') + "@plinth.example";
    }
  }

  private static final List<Person> PEOPLE =
      List.of(
          new Person("Ada Lovelace", MemberRole.OWNER),
          new Person("Grace Hopper", MemberRole.ADMIN),
          new Person("Margaret Hamilton", MemberRole.PROJECT_MANAGER),
          new Person("Katherine Johnson", MemberRole.DEVELOPER),
          new Person("Susan Kare", MemberRole.DESIGNER),
          new Person("Frances Allen", MemberRole.TESTER),
          new Person("Annie Easley", MemberRole.VIEWER));

  static final PageRequest ALL = PageRequest.first(PageRequest.MAX_LIMIT);

  private final Hosted hosted;
  private final Plinth plinth;
  private final Tenants tenants;
  private final String slug;

  Seed(Hosted hosted, String slug) {
    this.hosted = hosted;
    this.plinth = hosted.plinth();
    this.tenants = new Tenants(plinth);
    this.slug = slug;
  }

  void plant() throws Exception {
    List<User> users = plinth.asSystem("seed: people").call(this::users);
    Organization organization =
        plinth
            .asSystem("seed: organization")
            .call(tx -> tenants.organization(tx, slug, users.get(0)));
    Member owner = tenants.owner(organization);
    List<Member> members = plinth.as(owner).call(tx -> members(tx, users));
    plinth
        .as(owner)
        .run(
            tx -> {
              workspace(tx, members);
              invitation(tx);
              members.forEach(member -> welcome(tx, member));
            });
    new ProjectsSeed(hosted, owner).plant(members);
    new FeatureRequestsSeed(hosted, owner).plant(members);
    new TasksSeed(hosted, owner).plant();
    new BoardSeed(hosted, owner).plant(members);
    new ChatSeed(hosted, owner).plant(members);
    new TriageSeed(hosted, owner).plant();
  }

  private List<User> users(SystemTx tx) {
    return PEOPLE.stream().map(person -> tenants.user(tx, person.name(), person.email())).toList();
  }

  private List<Member> members(TenantTx tx, List<User> users) {
    return users.stream()
        .map(user -> tenants.member(tx, user, PEOPLE.get(users.indexOf(user)).role()))
        .toList();
  }

  private void workspace(TenantTx tx, List<Member> members) {
    if (plinth.workspaces().findBySlug(tx, "engineering").isPresent()) {
      return;
    }
    Workspace made = plinth.workspaces().create(tx, NewWorkspace.of("engineering", "Engineering"));
    members.stream()
        .filter(member -> member.role() == MemberRole.DEVELOPER)
        .forEach(
            member ->
                plinth
                    .workspaces()
                    .addMember(tx, made.id(), member.userId(), WorkspaceRole.MEMBER));
  }

  private void invitation(TenantTx tx) {
    if (plinth.invitations().list(tx, ALL).items().isEmpty()) {
      String email = "radia.perlman@plinth.example";
      plinth.invitations().invite(tx, NewInvitation.of(email, MemberRole.DEVELOPER));
    }
  }

  private void welcome(TenantTx tx, Member member) {
    NewNotification welcome =
        NewNotification.of(member.userId(), "seed.welcome", "Welcome, " + member.displayName());
    plinth.notifications().notify(tx, welcome.onceFor("seed.welcome"));
  }
}
