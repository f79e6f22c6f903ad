package dev.plinth.projects.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Members;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PlinthTest(ProjectsModule.class)
class ProjectMembersTest {

  private Plinth plinth;
  private ProjectMembers members;
  private Member alice;
  private Member bob;
  private UUID project;

  @BeforeEach
  void prepare(
      Plinth plinth,
      Projects projects,
      ProjectMembers members,
      Organization acme,
      Member alice,
      Member bob) {
    this.plinth = plinth;
    this.members = members;
    this.alice = alice;
    this.bob = bob;
    this.project =
        plinth.as(alice).call(tx -> projects.create(tx, NewProject.named("Apollo"))).id();
  }

  @Test
  void aMemberIsAddedAndListed() {
    ProjectMember added = add(bob, ProjectRole.CONTRIBUTOR);

    assertThat(added.role()).isEqualTo(ProjectRole.CONTRIBUTOR);
    assertThat(added.displayName()).isEqualTo(bob.displayName());
    assertThat(added.version()).isEqualTo(1);
    assertThat(list())
        .extracting(ProjectMember::userId)
        .containsExactlyInAnyOrder(alice.userId(), bob.userId());
  }

  @Test
  void aMemberIsAddedOnce() {
    add(bob, ProjectRole.CONTRIBUTOR);

    assertThatThrownBy(() -> add(bob, ProjectRole.VIEWER))
        .isInstanceOfSatisfying(
            ConflictException.class,
            conflict -> assertThat(conflict.constraint()).isEqualTo("project_members_user_uq"));
    assertThat(list()).hasSize(2);
  }

  @Test
  void aRoleChangesByVersion() {
    add(bob, ProjectRole.CONTRIBUTOR);

    ProjectMember changed =
        plinth
            .as(alice)
            .call(tx -> members.changeRole(tx, project, bob.userId(), 1, ProjectRole.LEAD));

    assertThat(changed.role()).isEqualTo(ProjectRole.LEAD);
    assertThat(changed.version()).isEqualTo(2);
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .call(
                        tx -> members.changeRole(tx, project, bob.userId(), 1, ProjectRole.VIEWER)))
        .isInstanceOf(StaleVersionException.class);
  }

  @Test
  void aRemovedMemberIsGoneAndMayComeBack() {
    add(bob, ProjectRole.CONTRIBUTOR);
    assertThatThrownBy(
            () -> plinth.as(alice).run(tx -> members.remove(tx, project, bob.userId(), 7)))
        .isInstanceOf(StaleVersionException.class);

    plinth.as(alice).run(tx -> members.remove(tx, project, bob.userId(), 1));

    assertThatThrownBy(
            () -> plinth.as(alice).run(tx -> members.remove(tx, project, bob.userId(), 1)))
        .isInstanceOf(NotFoundException.class);
    assertThat(add(bob, ProjectRole.LEAD).role()).isEqualTo(ProjectRole.LEAD);
  }

  @Test
  void whoLeftTheOrganizationIsNotListed(Members organizationMembers) {
    add(bob, ProjectRole.CONTRIBUTOR);

    plinth.as(alice).run(tx -> organizationMembers.remove(tx, bob.userId(), bob.version()));

    assertThat(list()).extracting(ProjectMember::userId).containsExactly(alice.userId());
  }

  @Test
  void aStrangerIsNotAdded(Organization globex, Member carol) {
    assertThatThrownBy(() -> add(carol, ProjectRole.LEAD)).isInstanceOf(NotFoundException.class);
    assertThat(list()).hasSize(1);
  }

  @Test
  void anotherOrganizationsProjectHasNoMembersToSee(Organization globex, Member carol) {
    plinth
        .as(carol)
        .run(
            tx -> {
              assertThatThrownBy(() -> members.list(tx, project, PageRequest.first(9)))
                  .isInstanceOf(NotFoundException.class);
              assertThatThrownBy(() -> members.add(tx, project, carol.userId(), ProjectRole.LEAD))
                  .isInstanceOf(NotFoundException.class);
              assertThatThrownBy(() -> members.remove(tx, project, alice.userId(), 1))
                  .isInstanceOf(NotFoundException.class);
            });
    assertThat(list()).hasSize(1);
  }

  @Test
  void aViewerChangesNoMember(
      Organization acme, Member alice, @Role(MemberRole.VIEWER) Member eve) {
    plinth
        .as(eve)
        .run(
            tx -> {
              assertThatThrownBy(() -> members.add(tx, project, eve.userId(), ProjectRole.LEAD))
                  .isInstanceOf(AccessDeniedException.class);
              assertThatThrownBy(() -> members.remove(tx, project, alice.userId(), 1))
                  .isInstanceOf(AccessDeniedException.class);
              assertThatThrownBy(
                      () -> members.changeRole(tx, project, alice.userId(), 1, ProjectRole.VIEWER))
                  .isInstanceOf(AccessDeniedException.class);
            });
    assertThat(list()).hasSize(1);
  }

  @Test
  void pagesByKeyHoldEveryMemberOnce() {
    add(bob, ProjectRole.CONTRIBUTOR);

    Page<ProjectMember> first =
        plinth.as(alice).read(tx -> members.list(tx, project, PageRequest.first(1)));
    Page<ProjectMember> second =
        plinth
            .as(alice)
            .read(
                tx -> members.list(tx, project, PageRequest.after(first.next().orElseThrow(), 1)));

    assertThat(second.next()).isEmpty();
    assertThat(List.of(first.items().get(0), second.items().get(0)))
        .containsExactlyElementsOf(list());
  }

  private ProjectMember add(Member member, ProjectRole role) {
    return plinth.as(alice).call(tx -> members.add(tx, project, member.userId(), role));
  }

  private List<ProjectMember> list() {
    return plinth.as(alice).read(tx -> members.list(tx, project, PageRequest.first(100))).items();
  }
}
