package dev.plinth.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.invitation.InvitationAccepted;
import dev.plinth.base.invitation.InvitationCreated;
import dev.plinth.base.invitation.InvitationRevoked;
import dev.plinth.base.invitation.NewInvitation;
import dev.plinth.base.notification.NewNotification;
import dev.plinth.base.notification.NotificationCreated;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.MemberChanged;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.workspace.NewWorkspace;
import dev.plinth.base.workspace.Workspace;
import dev.plinth.base.workspace.WorkspaceCreated;
import dev.plinth.base.workspace.WorkspaceDeleted;
import dev.plinth.base.workspace.WorkspaceMemberChanged;
import dev.plinth.base.workspace.WorkspaceRole;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What modules hear of base. */
@PlinthTest
class EventsTest {

  private final Listening listening = new Listening();

  @Test
  void ofWorkspacesAndTheirMembers(
      TestDatabase database, Organization acme, Member alice, Member bob) {
    Plinth plinth = listened(database);
    UUID user = bob.userId();

    UUID id =
        plinth
            .as(alice)
            .call(
                tx -> {
                  Workspace made =
                      plinth.workspaces().create(tx, NewWorkspace.of("design", "Design"));
                  plinth.workspaces().addMember(tx, made.id(), user, WorkspaceRole.MEMBER);
                  plinth.workspaces().changeRole(tx, made.id(), user, 1, WorkspaceRole.LEAD);
                  plinth.workspaces().removeMember(tx, made.id(), user, 2);
                  plinth.workspaces().delete(tx, made.id(), 1);
                  return made.id();
                });

    assertThat(listening.heard())
        .containsExactly(
            new WorkspaceCreated(acme.id(), id),
            new WorkspaceMemberChanged(acme.id(), id, user, WorkspaceRole.MEMBER, true),
            new WorkspaceMemberChanged(acme.id(), id, user, WorkspaceRole.LEAD, true),
            new WorkspaceMemberChanged(acme.id(), id, user, WorkspaceRole.LEAD, false),
            new WorkspaceDeleted(acme.id(), id));
  }

  @Test
  void ofInvitationsEachThingOnce(TestDatabase database, Organization acme, Member alice) {
    Plinth plinth = listened(database);
    UUID user =
        plinth.asSystem("test").call(tx -> plinth.users().create(tx, NewUser.named("bob"))).id();
    NewInvitation first = NewInvitation.of("bob@example.org", MemberRole.TESTER);
    NewInvitation second = NewInvitation.of("eve@example.org", MemberRole.TESTER);

    InvitationCreated bobs = plinth.as(alice).call(tx -> plinth.invitations().invite(tx, first));
    InvitationCreated eves = plinth.as(alice).call(tx -> plinth.invitations().invite(tx, second));
    for (int i = 0; i < 2; i++) {
      plinth.asSystem("test").run(tx -> plinth.invitations().accept(tx, bobs.token(), user));
      plinth.as(alice).run(tx -> plinth.invitations().revoke(tx, eves.invitation().id()));
    }

    assertThat(listening.heard())
        .containsExactly(
            bobs,
            eves,
            new MemberChanged(acme.id(), user, MemberRole.TESTER, true),
            new InvitationAccepted(acme.id(), bobs.invitation().id(), user),
            new InvitationRevoked(acme.id(), eves.invitation().id()));
  }

  @Test
  void ofNotificationsThatWereNotToldBefore(
      TestDatabase database, Organization acme, Member alice, Member bob) {
    Plinth plinth = listened(database);
    NewNotification news =
        NewNotification.of(bob.userId(), "greeting", "Hello").onceFor("greeting");

    UUID id = plinth.as(alice).call(tx -> plinth.notifications().notify(tx, news)).orElseThrow();
    plinth.as(alice).run(tx -> plinth.notifications().notify(tx, news));

    assertThat(listening.heard())
        .containsExactly(new NotificationCreated(acme.id(), bob.userId(), id));
  }

  private Plinth listened(TestDatabase database) {
    return Plinth.builder().dataSource(database.host()).modules(listening).build();
  }
}
