package dev.plinth.base.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Members;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.testing.AtOnce;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PlinthTest
class WorkspacesTest {

  private static final WorkspaceChanges RENAMING = WorkspaceChanges.none().name("Renamed");

  @Test
  void whoMakesAWorkspaceLeadsIt(
      Plinth plinth, Workspaces workspaces, Organization acme, Member alice) {
    NewWorkspace design =
        NewWorkspace.of("design", "Design").description("Looks").metadata(Map.of("color", "red"));

    Workspace created = plinth.as(alice).call(tx -> workspaces.create(tx, design));
    Workspace read = plinth.as(alice).read(tx -> workspaces.get(tx, created.id()));
    WorkspaceMember lead =
        plinth.as(alice).read(tx -> workspaces.member(tx, created.id(), alice.userId()));

    assertThat(read).isEqualTo(created);
    assertThat(created.description()).isEqualTo("Looks");
    assertThat(created.metadata()).containsEntry("color", "red");
    assertThat(lead.role()).isEqualTo(WorkspaceRole.LEAD);
    assertThat(lead.displayName()).isEqualTo(alice.displayName());
  }

  @Test
  void anotherCanBeMadeTheLead(
      Plinth plinth, Workspaces workspaces, Organization acme, Member alice, Member bob) {
    Workspace created =
        plinth.as(alice).call(tx -> workspaces.create(tx, design().ledBy(bob.userId())));

    List<UUID> users = members(plinth, workspaces, alice, created);
    assertThat(users).containsExactly(bob.userId());
  }

  @Test
  void theOrganizationsMachineryMakesAWorkspaceWithoutLead(
      Plinth plinth, Workspaces workspaces, Organization acme, Member alice) {
    Workspace created =
        plinth.asService(acme.id(), "importer").call(tx -> workspaces.create(tx, design()));

    assertThat(members(plinth, workspaces, alice, created)).isEmpty();
  }

  @Test
  void aLeadWhoIsNoMemberIsRefused(
      Plinth plinth, Workspaces workspaces, Organization acme, Member alice) {
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(
            () ->
                plinth
                    .as(alice)
                    .call(tx -> workspaces.create(tx, design().ledBy(UUID.randomUUID()))))
        .satisfies(e -> assertThat(e.what()).isEqualTo("member"));
  }

  @Test
  void aSlugIsTakenOnceInAnOrganizationAndFreeAfterDeletion(
      Plinth plinth,
      Workspaces workspaces,
      Organization acme,
      Member alice,
      Organization globex,
      Member bob) {
    Workspace first = plinth.as(alice).call(tx -> workspaces.create(tx, design()));
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> plinth.as(alice).call(tx -> workspaces.create(tx, design())))
        .satisfies(e -> assertThat(e.constraint()).isEqualTo("workspaces_slug_uq"));
    plinth.as(bob).run(tx -> workspaces.create(tx, design()));

    plinth.as(alice).run(tx -> workspaces.delete(tx, first.id(), first.version()));
    Workspace second = plinth.as(alice).call(tx -> workspaces.create(tx, design()));
    UUID found =
        plinth.as(alice).read(tx -> workspaces.findBySlug(tx, "design")).orElseThrow().id();

    assertThat(found).isEqualTo(second.id());
    assertNotFound(() -> plinth.as(alice).read(tx -> workspaces.get(tx, first.id())));
    assertNotFound(
        () -> plinth.as(alice).read(tx -> workspaces.member(tx, first.id(), alice.userId())));
  }

  @Test
  void ofEightWhoTakeASlugAtOnceOneHasIt(
      Plinth plinth, Workspaces workspaces, Organization acme, Member alice) throws Exception {
    List<Boolean> made =
        AtOnce.run(
            8,
            together -> {
              try {
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          together.await();
                          workspaces.create(tx, design());
                        });
                return true;
              } catch (ConflictException e) {
                return false;
              }
            });

    assertThat(made).filteredOn(one -> one).hasSize(1);
    Page<Workspace> all = plinth.as(alice).read(tx -> workspaces.list(tx, PageRequest.first(10)));
    assertThat(all.items()).hasSize(1);
  }

  @Test
  void aWorkspaceIsRenamedAndAStaleVersionRefused(
      Plinth plinth, Workspaces workspaces, Organization acme, Member alice) {
    Workspace created = plinth.as(alice).call(tx -> workspaces.create(tx, design()));

    Workspace renamed =
        plinth
            .as(alice)
            .call(tx -> workspaces.update(tx, created.id(), 1, RENAMING.slug("renamed")));

    assertThat(renamed.name()).isEqualTo("Renamed");
    assertThat(renamed.slug()).isEqualTo("renamed");
    assertThat(renamed.version()).isEqualTo(2);
    assertThatExceptionOfType(StaleVersionException.class)
        .isThrownBy(
            () -> plinth.as(alice).call(tx -> workspaces.update(tx, created.id(), 1, RENAMING)));
    assertThatExceptionOfType(StaleVersionException.class)
        .isThrownBy(() -> plinth.as(alice).run(tx -> workspaces.delete(tx, created.id(), 1)));
  }

  @Test
  void aSlugThatIsTakenIsNotTakenByAChangeEither(
      Plinth plinth, Workspaces workspaces, Organization acme, Member alice) {
    plinth.as(alice).run(tx -> workspaces.create(tx, design()));
    Workspace sales =
        plinth.as(alice).call(tx -> workspaces.create(tx, NewWorkspace.of("sales", "Sales")));

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(
            () ->
                plinth
                    .as(alice)
                    .call(
                        tx ->
                            workspaces.update(
                                tx, sales.id(), 1, WorkspaceChanges.none().slug("design"))))
        .satisfies(e -> assertThat(e.what()).isEqualTo("slug"));
  }

  @Test
  void aLeadManagesTheOwnWorkspaceAndNoOther(
      Plinth plinth,
      Workspaces workspaces,
      Organization acme,
      Member alice,
      Member bob,
      Member carol) {
    Workspace own =
        plinth.as(alice).call(tx -> workspaces.create(tx, design().ledBy(bob.userId())));
    Workspace other =
        plinth.as(alice).call(tx -> workspaces.create(tx, NewWorkspace.of("sales", "Sales")));

    plinth.as(bob).run(tx -> workspaces.update(tx, own.id(), 1, RENAMING));
    plinth
        .as(bob)
        .run(tx -> workspaces.addMember(tx, own.id(), carol.userId(), WorkspaceRole.MEMBER));
    WorkspaceMember changed =
        plinth
            .as(bob)
            .call(
                tx -> workspaces.changeRole(tx, own.id(), carol.userId(), 1, WorkspaceRole.VIEWER));

    assertThat(changed.role()).isEqualTo(WorkspaceRole.VIEWER);
    assertThat(changed.version()).isEqualTo(2);
    assertDenied(() -> plinth.as(bob).run(tx -> workspaces.update(tx, other.id(), 1, RENAMING)));
    assertDenied(() -> plinth.as(bob).run(tx -> workspaces.delete(tx, other.id(), 1)));
    assertDenied(
        () ->
            plinth
                .as(bob)
                .run(tx -> workspaces.addMember(tx, other.id(), bob.userId(), WorkspaceRole.LEAD)));
    assertDenied(() -> plinth.as(bob).run(tx -> workspaces.create(tx, design())));
  }

  @Test
  void whoIsNoLeadManagesNothing(
      Plinth plinth,
      Workspaces workspaces,
      Organization acme,
      Member alice,
      Member bob,
      Member carol) {
    Workspace created = plinth.as(alice).call(tx -> workspaces.create(tx, design()));
    UUID id = created.id();
    plinth.as(alice).run(tx -> workspaces.addMember(tx, id, bob.userId(), WorkspaceRole.MEMBER));

    assertDenied(() -> plinth.as(bob).run(tx -> workspaces.update(tx, id, 1, RENAMING)));
    assertDenied(
        () ->
            plinth
                .as(bob)
                .run(tx -> workspaces.changeRole(tx, id, bob.userId(), 1, WorkspaceRole.LEAD)));
    assertDenied(
        () -> plinth.as(bob).run(tx -> workspaces.removeMember(tx, id, alice.userId(), 1)));
    assertDenied(
        () ->
            plinth
                .as(carol)
                .run(tx -> workspaces.addMember(tx, id, carol.userId(), WorkspaceRole.LEAD)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE plinth_base.workspace_members SET role = 'lead'",
        "UPDATE plinth_base.workspaces SET name = 'Mine'",
        "UPDATE plinth_base.workspaces SET deleted_at = now()",
        "DELETE FROM plinth_base.workspace_members",
        "INSERT INTO plinth_base.workspaces (organization_id, slug, name)"
            + " SELECT plinth_base.current_organization_id(), 'mine', 'Mine'",
        "INSERT INTO plinth_base.workspace_members (organization_id, workspace_id, user_id, role)"
            + " SELECT organization_id, id, plinth_base.current_user_id(), 'lead'"
            + " FROM plinth_base.workspaces WHERE slug = 'sales'",
      })
  void whoIsNoLeadManagesNothingByHandWrittenSqlEither(
      String sql,
      Plinth plinth,
      Workspaces workspaces,
      Organization acme,
      Member alice,
      Member bob) {
    Workspace created = plinth.as(alice).call(tx -> workspaces.create(tx, design()));
    plinth.as(alice).run(tx -> workspaces.create(tx, NewWorkspace.of("sales", "Sales")));
    plinth
        .as(alice)
        .run(tx -> workspaces.addMember(tx, created.id(), bob.userId(), WorkspaceRole.MEMBER));

    assertDenied(() -> plinth.as(bob).run(tx -> tx.dsl().execute(sql)));
  }

  @Test
  void aViewerOfTheOrganizationWritesNothingNotEvenAsALead(
      Plinth plinth,
      Workspaces workspaces,
      Organization acme,
      Member alice,
      @Role(MemberRole.VIEWER) Member eve) {
    Workspace led =
        plinth.as(alice).call(tx -> workspaces.create(tx, design().ledBy(eve.userId())));

    assertDenied(() -> plinth.as(eve).run(tx -> workspaces.update(tx, led.id(), 1, RENAMING)));
    assertDenied(
        () -> plinth.as(eve).run(tx -> workspaces.removeMember(tx, led.id(), eve.userId(), 1)));
    int rows =
        plinth
            .as(eve)
            .call(tx -> tx.dsl().execute("UPDATE plinth_base.workspaces SET name = 'Mine'"));
    assertThat(rows).isZero();
  }

  @Test
  void aMemberMayLeave(
      Plinth plinth, Workspaces workspaces, Organization acme, Member alice, Member bob) {
    Workspace created = plinth.as(alice).call(tx -> workspaces.create(tx, design()));
    plinth
        .as(alice)
        .run(tx -> workspaces.addMember(tx, created.id(), bob.userId(), WorkspaceRole.MEMBER));

    plinth.as(bob).run(tx -> workspaces.removeMember(tx, created.id(), bob.userId(), 1));

    assertThat(members(plinth, workspaces, alice, created)).containsExactly(alice.userId());
  }

  @Test
  void aMemberIsAddedOnceAndOnlyFromTheOrganization(
      Plinth plinth, Workspaces workspaces, Organization acme, Member alice) {
    Workspace created = plinth.as(alice).call(tx -> workspaces.create(tx, design()));

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(
            () ->
                plinth
                    .as(alice)
                    .call(
                        tx ->
                            workspaces.addMember(
                                tx, created.id(), alice.userId(), WorkspaceRole.MEMBER)))
        .satisfies(e -> assertThat(e.constraint()).isEqualTo("workspace_members_user_uq"));
    assertNotFound(
        () ->
            plinth
                .as(alice)
                .call(
                    tx ->
                        workspaces.addMember(
                            tx, created.id(), UUID.randomUUID(), WorkspaceRole.MEMBER)));
    assertNotFound(
        () ->
            plinth
                .as(alice)
                .call(
                    tx ->
                        workspaces.addMember(
                            tx, UUID.randomUUID(), alice.userId(), WorkspaceRole.MEMBER)));
    assertThatExceptionOfType(StaleVersionException.class)
        .isThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(tx -> workspaces.removeMember(tx, created.id(), alice.userId(), 9)));
  }

  @Test
  void whoLeftTheOrganizationIsInNoWorkspaceAndManagesNone(
      Plinth plinth,
      Workspaces workspaces,
      Members members,
      Organization acme,
      Member alice,
      Member bob) {
    Workspace created =
        plinth.as(alice).call(tx -> workspaces.create(tx, design().ledBy(bob.userId())));
    plinth.as(alice).run(tx -> members.remove(tx, bob.userId(), bob.version()));

    assertThat(members(plinth, workspaces, alice, created)).isEmpty();
    assertDenied(() -> plinth.as(bob).run(tx -> workspaces.update(tx, created.id(), 1, RENAMING)));
  }

  @Test
  void workspacesAndTheirMembersComeInPages(
      Plinth plinth,
      Workspaces workspaces,
      Organization acme,
      Member alice,
      Member bob,
      Organization globex,
      Member other) {
    Workspace a = plinth.as(alice).call(tx -> workspaces.create(tx, NewWorkspace.of("a", "A")));
    Workspace b = plinth.as(alice).call(tx -> workspaces.create(tx, NewWorkspace.of("b", "B")));
    plinth
        .as(alice)
        .run(tx -> workspaces.addMember(tx, a.id(), bob.userId(), WorkspaceRole.MEMBER));

    Page<Workspace> first = plinth.as(alice).read(tx -> workspaces.list(tx, PageRequest.first(1)));
    String cursor = first.next().orElseThrow();
    Page<Workspace> second =
        plinth.as(alice).read(tx -> workspaces.list(tx, PageRequest.after(cursor, 1)));
    Page<WorkspaceMember> members =
        plinth.as(alice).read(tx -> workspaces.members(tx, a.id(), PageRequest.first(1)));
    String memberCursor = members.next().orElseThrow();
    Page<WorkspaceMember> more =
        plinth
            .as(alice)
            .read(tx -> workspaces.members(tx, a.id(), PageRequest.after(memberCursor, 1)));

    assertThat(first.items()).containsExactly(a);
    assertThat(second.items()).containsExactly(b);
    assertThat(second.next()).isEmpty();
    assertThat(members.items()).extracting(WorkspaceMember::userId).containsExactly(alice.userId());
    assertThat(more.items()).extracting(WorkspaceMember::userId).containsExactly(bob.userId());
    assertThatExceptionOfType(InvalidCursorException.class)
        .isThrownBy(
            () -> plinth.as(other).read(tx -> workspaces.list(tx, PageRequest.after(cursor, 1))));
    assertThatExceptionOfType(InvalidCursorException.class)
        .isThrownBy(
            () ->
                plinth
                    .as(alice)
                    .read(
                        tx -> workspaces.members(tx, b.id(), PageRequest.after(memberCursor, 1))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Design", "-a", "a--b", "a b", "ä"})
  void aSlugThatIsNoneIsRefused(String slug) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> NewWorkspace.of(slug, "Design"));
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> WorkspaceChanges.none().slug(slug));
  }

  @Test
  void aNameThatIsNoneAndAChangeOfNothingAreRefused(
      Plinth plinth, Workspaces workspaces, Organization acme, Member alice) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> NewWorkspace.of("a", " "));
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> NewWorkspace.of("a", "x".repeat(201)));
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(
            () ->
                plinth
                    .as(alice)
                    .call(
                        tx ->
                            workspaces.update(tx, UUID.randomUUID(), 1, WorkspaceChanges.none())));
  }

  private static NewWorkspace design() {
    return NewWorkspace.of("design", "Design");
  }

  private static List<UUID> members(
      Plinth plinth, Workspaces workspaces, Member as, Workspace workspace) {
    return plinth
        .as(as)
        .read(tx -> workspaces.members(tx, workspace.id(), PageRequest.first(100)))
        .items()
        .stream()
        .map(WorkspaceMember::userId)
        .toList();
  }

  private static void assertDenied(ThrowingCallable call) {
    assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(call);
  }

  private static void assertNotFound(ThrowingCallable call) {
    assertThatExceptionOfType(NotFoundException.class).isThrownBy(call);
  }
}
