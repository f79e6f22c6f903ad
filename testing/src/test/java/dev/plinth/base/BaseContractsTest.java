package dev.plinth.base;

import dev.plinth.base.audit.AuditFilter;
import dev.plinth.base.audit.AuditLog;
import dev.plinth.base.invitation.Invitation;
import dev.plinth.base.invitation.Invitations;
import dev.plinth.base.invitation.NewInvitation;
import dev.plinth.base.notification.NewNotification;
import dev.plinth.base.notification.Notifications;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Members;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.workspace.NewWorkspace;
import dev.plinth.base.workspace.Workspace;
import dev.plinth.base.workspace.WorkspaceChanges;
import dev.plinth.base.workspace.WorkspaceRole;
import dev.plinth.base.workspace.Workspaces;
import dev.plinth.testing.CatalogContract;
import dev.plinth.testing.MigrationContract;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Probes;
import dev.plinth.testing.TenancyContract;
import java.util.Set;
import java.util.UUID;

/** The standing contracts, for base itself. */
@PlinthTest
class BaseContractsTest
    implements CatalogContract, MigrationContract, TenancyContract<BaseContractsTest.Filled> {

  private static final PageRequest PAGE = PageRequest.first(100);

  private final Members members = new Members();
  private final Workspaces workspaces = new Workspaces();
  private final Invitations invitations = new Invitations();
  private final Notifications notifications = new Notifications();
  private final AuditLog audit = new AuditLog();

  /** What one organization has. */
  record Filled(Member member, Workspace workspace, Invitation invitation, UUID notification) {}

  @Override
  public Filled fill(Plinth plinth, Member member) {
    return plinth
        .as(member)
        .call(
            tx ->
                new Filled(
                    member,
                    workspaces.create(tx, NewWorkspace.of("design", "Design")),
                    invitations.invite(tx, invitation("first@example.org")).invitation(),
                    notifications.notify(tx, news(member.userId())).orElseThrow()));
  }

  @Override
  public Set<String> privateTables() {
    return Set.of("plinth_base.notifications");
  }

  @Override
  public Set<String> administeredTables() {
    return Set.of("plinth_base.invitations", "plinth_base.audit_log");
  }

  @Override
  public void probes(Probes<Filled> probes) {
    ofMembers(probes);
    ofWorkspaces(probes);
    ofWorkspaceMembers(probes);
    ofInvitations(probes);
    ofNotifications(probes);
    ofAuditLog(probes);
  }

  private void ofMembers(Probes<Filled> probes) {
    probes
        .reads("members.list", (tx, own, other) -> members.list(tx, PAGE))
        .reads("members.get", (tx, own, other) -> members.get(tx, own.member().userId()))
        .refuses(
            "members.get of another", (tx, own, other) -> members.get(tx, other.member().userId()))
        .writes("members.changeProfile", (tx, own, other) -> changeProfile(tx, own.member()))
        .refuses(
            "members.changeProfile of another",
            (tx, own, other) -> changeProfile(tx, other.member()))
        .refuses(
            "members.changeRole of another",
            (tx, own, other) ->
                members.changeRole(
                    tx, other.member().userId(), other.member().version(), MemberRole.VIEWER))
        .refuses(
            "members.remove of another",
            (tx, own, other) -> {
              members.remove(tx, other.member().userId(), other.member().version());
              return UUID.randomUUID();
            });
  }

  private void ofWorkspaces(Probes<Filled> probes) {
    WorkspaceChanges renaming = WorkspaceChanges.none().name("Other").slug("other");
    probes
        .reads("workspaces.list", (tx, own, other) -> workspaces.list(tx, PAGE))
        .reads("workspaces.get", (tx, own, other) -> workspaces.get(tx, own.workspace().id()))
        .reads("workspaces.findBySlug", (tx, own, other) -> workspaces.findBySlug(tx, "design"))
        .writes(
            "workspaces.create",
            (tx, own, other) -> workspaces.create(tx, NewWorkspace.of("sales", "Sales")))
        .writes(
            "workspaces.update",
            (tx, own, other) -> workspaces.update(tx, own.workspace().id(), 1, renaming))
        .writes(
            "workspaces.delete",
            (tx, own, other) -> {
              workspaces.delete(tx, own.workspace().id(), 1);
              return 1;
            })
        .refuses(
            "workspaces.create with another's lead",
            (tx, own, other) ->
                workspaces.create(
                    tx, NewWorkspace.of("sales", "Sales").ledBy(other.member().userId())))
        .refuses(
            "workspaces.get of another",
            (tx, own, other) -> workspaces.get(tx, other.workspace().id()))
        .refuses(
            "workspaces.update of another",
            (tx, own, other) -> workspaces.update(tx, other.workspace().id(), 1, renaming))
        .refuses(
            "workspaces.delete of another",
            (tx, own, other) -> {
              workspaces.delete(tx, other.workspace().id(), 1);
              return 1;
            });
  }

  private void ofWorkspaceMembers(Probes<Filled> probes) {
    probes
        .reads(
            "workspaces.members",
            (tx, own, other) -> workspaces.members(tx, own.workspace().id(), PAGE))
        .reads(
            "workspaces.member",
            (tx, own, other) -> workspaces.member(tx, own.workspace().id(), own.member().userId()))
        .writes(
            "workspaces.changeRole",
            (tx, own, other) -> changeRole(tx, own.workspace(), own.member()))
        .writes(
            "workspaces.removeMember and addMember",
            (tx, own, other) -> {
              UUID user = own.member().userId();
              workspaces.removeMember(tx, own.workspace().id(), user, 1);
              return workspaces.addMember(tx, own.workspace().id(), user, WorkspaceRole.VIEWER);
            })
        .refuses(
            "workspaces.members of another",
            (tx, own, other) -> workspaces.members(tx, other.workspace().id(), PAGE))
        .refuses(
            "workspaces.member of another",
            (tx, own, other) ->
                workspaces.member(tx, other.workspace().id(), other.member().userId()))
        .refuses(
            "workspaces.addMember to another's",
            (tx, own, other) ->
                workspaces.addMember(
                    tx, other.workspace().id(), own.member().userId(), WorkspaceRole.LEAD))
        .refuses(
            "workspaces.addMember of another's member",
            (tx, own, other) ->
                workspaces.addMember(
                    tx, own.workspace().id(), other.member().userId(), WorkspaceRole.LEAD))
        .refuses(
            "workspaces.changeRole of another",
            (tx, own, other) -> changeRole(tx, other.workspace(), other.member()))
        .refuses(
            "workspaces.removeMember of another",
            (tx, own, other) -> {
              workspaces.removeMember(tx, other.workspace().id(), other.member().userId(), 1);
              return 1;
            });
  }

  private void ofInvitations(Probes<Filled> probes) {
    probes
        .readsAsAdministrator("invitations.list", (tx, own, other) -> invitations.list(tx, PAGE))
        .readsAsAdministrator(
            "invitations.get", (tx, own, other) -> invitations.get(tx, own.invitation().id()))
        .writes(
            "invitations.invite",
            (tx, own, other) -> invitations.invite(tx, invitation("second@example.org")))
        .writes(
            "invitations.revoke", (tx, own, other) -> invitations.revoke(tx, own.invitation().id()))
        .refuses(
            "invitations.get of another",
            (tx, own, other) -> invitations.get(tx, other.invitation().id()))
        .refuses(
            "invitations.revoke of another",
            (tx, own, other) -> invitations.revoke(tx, other.invitation().id()));
  }

  private void ofNotifications(Probes<Filled> probes) {
    probes
        .reads("notifications.list", (tx, own, other) -> notifications.list(tx, PAGE))
        .reads("notifications.unreadCount", (tx, own, other) -> notifications.unreadCount(tx))
        .writes(
            "notifications.notify",
            (tx, own, other) -> notifications.notify(tx, news(own.member().userId())))
        .writes(
            "notifications.markRead",
            (tx, own, other) -> notifications.markRead(tx, own.notification()))
        .writes("notifications.markAllRead", (tx, own, other) -> notifications.markAllRead(tx))
        .refuses(
            "notifications.notify to another's member",
            (tx, own, other) -> notifications.notify(tx, news(other.member().userId())))
        .refuses(
            "notifications.markRead of another",
            (tx, own, other) -> notifications.markRead(tx, other.notification()));
  }

  private void ofAuditLog(Probes<Filled> probes) {
    probes
        .readsAsAdministrator(
            "audit.list", (tx, own, other) -> audit.list(tx, AuditFilter.all(), PAGE))
        .readsAsAdministrator(
            "audit.list of a row",
            (tx, own, other) -> audit.list(tx, AuditFilter.all().of(own.workspace().id()), PAGE))
        .writes(
            "audit.recordRead",
            (tx, own, other) -> {
              audit.recordRead(tx, "salary", own.member().userId());
              return 1;
            });
  }

  private Member changeProfile(TenantTx tx, Member member) {
    return members.changeProfile(tx, member.userId(), member.version(), "Somebody", null);
  }

  private Object changeRole(TenantTx tx, Workspace workspace, Member member) {
    return workspaces.changeRole(tx, workspace.id(), member.userId(), 1, WorkspaceRole.VIEWER);
  }

  private static NewInvitation invitation(String email) {
    return NewInvitation.of(email, MemberRole.DEVELOPER);
  }

  private static NewNotification news(UUID user) {
    return NewNotification.of(user, "greeting", "Hello");
  }
}
