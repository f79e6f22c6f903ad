package dev.plinth.projects.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Projects;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PlinthTest(ProjectsModule.class)
class ProjectRepositoriesTest {

  private Plinth plinth;
  private Projects projects;
  private Repositories repositories;
  private Member alice;
  private UUID project;
  private Repository engine;

  @BeforeEach
  void prepare(
      Plinth plinth,
      Projects projects,
      Repositories repositories,
      Organization acme,
      Member alice) {
    this.plinth = plinth;
    this.projects = projects;
    this.repositories = repositories;
    this.alice = alice;
    this.project =
        plinth.as(alice).call(tx -> projects.create(tx, NewProject.named("Apollo"))).id();
    this.engine = register(alice, "engine");
  }

  @Test
  void aLinkedRepositoryIsListedWithItsRole() {
    Repository docs = register(alice, "docs");

    link(engine, LinkRole.PRIMARY);
    link(docs, LinkRole.DOCUMENTATION);

    assertThat(linked())
        .containsExactly(
            new LinkedRepository(engine, LinkRole.PRIMARY),
            new LinkedRepository(docs, LinkRole.DOCUMENTATION));
  }

  @Test
  void linkingAgainWritesNothing() {
    link(engine, LinkRole.PRIMARY);

    plinth
        .as(alice)
        .run(
            tx -> {
              repositories.link(tx, project, engine.id(), LinkRole.PRIMARY);
              assertThat(
                      tx.dsl()
                          .fetchSingle("SELECT pg_current_xact_id_if_assigned() IS NULL")
                          .get(0, Boolean.class))
                  .isTrue();
            });
    assertThat(linked()).hasSize(1);
  }

  @Test
  void linkingInAnotherRoleChangesTheRole() {
    link(engine, LinkRole.PRIMARY);
    link(engine, LinkRole.DEPENDENCY);

    assertThat(linked()).containsExactly(new LinkedRepository(engine, LinkRole.DEPENDENCY));
  }

  @Test
  void anUnlinkedRepositoryIsStillThere() {
    link(engine, LinkRole.PRIMARY);

    plinth.as(alice).run(tx -> repositories.unlink(tx, project, engine.id()));

    assertThat(linked()).isEmpty();
    Repository stored = plinth.as(alice).read(tx -> repositories.get(tx, engine.id()));
    assertThat(stored).isEqualTo(engine);
    assertThatThrownBy(
            () -> plinth.as(alice).run(tx -> repositories.unlink(tx, project, engine.id())))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void anotherOrganizationsRepositoryIsNotLinked(Organization globex, Member carol) {
    Repository foreign = register(carol, "foreign");

    assertThatThrownBy(() -> link(foreign, LinkRole.PRIMARY))
        .isInstanceOfSatisfying(
            NotFoundException.class, missing -> assertThat(missing.what()).isEqualTo("repository"));
    assertThat(linked()).isEmpty();
  }

  @Test
  void nothingIsLinkedToAnotherOrganizationsProject(Organization globex, Member carol) {
    Repository own = register(carol, "own");

    plinth
        .as(carol)
        .run(
            tx -> {
              assertThatThrownBy(() -> repositories.link(tx, project, own.id(), LinkRole.PRIMARY))
                  .isInstanceOf(NotFoundException.class);
              assertThatThrownBy(() -> repositories.ofProject(tx, project, PageRequest.first(9)))
                  .isInstanceOf(NotFoundException.class);
            });
  }

  @Test
  void theDatabaseItselfRefusesALinkAcrossOrganizations(Organization globex, Member carol) {
    Repository foreign = register(carol, "foreign");

    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx ->
                            tx.dsl()
                                .execute(
                                    "INSERT INTO plinth_projects.project_repositories"
                                        + " (organization_id, project_id, repository_id, role)"
                                        + " VALUES (?, ?, ?, 'primary')",
                                    tx.organizationId(),
                                    project,
                                    foreign.id())))
        .isInstanceOfSatisfying(
            NotFoundException.class, missing -> assertThat(missing.what()).isEqualTo("repository"));
  }

  @Test
  void whatIsDeletedIsNotLinked() {
    plinth
        .as(alice)
        .run(
            tx -> {
              projects.delete(tx, project, 1);
              assertThatThrownBy(
                      () -> repositories.link(tx, project, engine.id(), LinkRole.PRIMARY))
                  .isInstanceOf(NotFoundException.class);
            });
  }

  @Test
  void aViewerLinksNothing(Organization acme, Member alice, @Role(MemberRole.VIEWER) Member eve) {
    link(engine, LinkRole.PRIMARY);

    plinth
        .as(eve)
        .run(
            tx -> {
              assertThatThrownBy(
                      () -> repositories.link(tx, project, engine.id(), LinkRole.DEPENDENCY))
                  .isInstanceOf(AccessDeniedException.class);
              assertThatThrownBy(() -> repositories.unlink(tx, project, engine.id()))
                  .isInstanceOf(AccessDeniedException.class);
            });
    assertThat(linked()).containsExactly(new LinkedRepository(engine, LinkRole.PRIMARY));
  }

  @Test
  void pagesByKeyHoldEveryRepositoryOnce() {
    Repository docs = register(alice, "docs");
    link(docs, LinkRole.DOCUMENTATION);
    link(engine, LinkRole.PRIMARY);

    Page<LinkedRepository> first =
        plinth.as(alice).read(tx -> repositories.ofProject(tx, project, PageRequest.first(1)));
    Page<LinkedRepository> second =
        plinth
            .as(alice)
            .read(
                tx ->
                    repositories.ofProject(
                        tx, project, PageRequest.after(first.next().orElseThrow(), 1)));

    assertThat(first.items()).extracting(LinkedRepository::repository).containsExactly(engine);
    assertThat(second.items()).extracting(LinkedRepository::repository).containsExactly(docs);
    assertThat(second.next()).isEmpty();
  }

  private Repository register(Member member, String name) {
    return plinth
        .as(member)
        .call(tx -> repositories.register(tx, NewRepository.of(Provider.GIT, name, name)));
  }

  private void link(Repository repository, LinkRole role) {
    plinth.as(alice).run(tx -> repositories.link(tx, project, repository.id(), role));
  }

  private List<LinkedRepository> linked() {
    return plinth
        .as(alice)
        .read(tx -> repositories.ofProject(tx, project, PageRequest.first(100)))
        .items();
  }
}
