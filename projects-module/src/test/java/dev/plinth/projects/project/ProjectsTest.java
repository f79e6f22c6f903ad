package dev.plinth.projects.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConstraintViolationException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PlinthTest(ProjectsModule.class)
class ProjectsTest {

  private Plinth plinth;
  private Projects projects;
  private Member alice;

  @BeforeEach
  void prepare(Plinth plinth, Projects projects, Organization acme, Member alice) {
    this.plinth = plinth;
    this.projects = projects;
    this.alice = alice;
  }

  @Test
  void anUpdateChangesWhatItNamesAndReturnsTheRow() {
    Project apollo = create(NewProject.named("Apollo").description("There").tags(List.of("space")));

    Project changed =
        update(
            apollo,
            ProjectChanges.none()
                .name("Apollo 11")
                .goals("Land")
                .priority(Priority.HIGH)
                .dates(LocalDate.of(2030, 1, 1), null)
                .tags(List.of("moon"))
                .metadata(Map.of("crew", 3)));

    assertThat(changed.name()).isEqualTo("Apollo 11");
    assertThat(changed.description()).isEqualTo("There");
    assertThat(changed.goals()).isEqualTo("Land");
    assertThat(changed.priority()).isEqualTo(Priority.HIGH);
    assertThat(changed.startDate()).contains(LocalDate.of(2030, 1, 1));
    assertThat(changed.targetDate()).isEmpty();
    assertThat(changed.tags()).containsExactly("moon");
    assertThat(changed.metadata()).isEqualTo(Map.of("crew", 3));
    assertThat(changed.version()).isEqualTo(2);
    assertThat(changed.key()).isEqualTo(apollo.key());
    assertThat(get(apollo.id())).isEqualTo(changed);
  }

  @Test
  void anOwnerIsGivenAndTaken(Organization acme, Member alice, Member bob) {
    Project apollo = create(NewProject.named("Apollo"));

    Project bobs = update(apollo, ProjectChanges.none().owner(bob.userId()));
    Project nobodys = update(bobs, ProjectChanges.none().owner(null));

    assertThat(bobs.owner()).contains(bob.userId());
    assertThat(nobodys.owner()).isEmpty();
  }

  @Test
  void aStrangerCannotOwn(Organization globex, Member carol) {
    Project apollo = create(NewProject.named("Apollo"));

    assertThatThrownBy(() -> update(apollo, ProjectChanges.none().owner(carol.userId())))
        .isInstanceOf(NotFoundException.class);
    assertThat(get(apollo.id())).isEqualTo(apollo);
  }

  @Test
  void anUpdateOfAnOldVersionIsStale() {
    Project apollo = create(NewProject.named("Apollo"));
    Project renamed = update(apollo, ProjectChanges.none().name("Gemini"));

    assertThatThrownBy(() -> update(apollo, ProjectChanges.none().name("Mercury")))
        .isInstanceOfSatisfying(
            StaleVersionException.class,
            stale -> {
              assertThat(stale.what()).isEqualTo("project");
              assertThat(stale.id()).isEqualTo(apollo.id().toString());
              assertThat(stale.expectedVersion()).isEqualTo(1);
            });
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .call(tx -> projects.changeStatus(tx, apollo.id(), 1, ProjectStatus.ACTIVE)))
        .isInstanceOf(StaleVersionException.class);
    assertThatThrownBy(() -> plinth.as(alice).run(tx -> projects.delete(tx, apollo.id(), 1)))
        .isInstanceOf(StaleVersionException.class);
    assertThat(get(apollo.id())).isEqualTo(renamed);
  }

  @Test
  void anUpdateThatNamesNothingIsRefused() {
    Project apollo = create(NewProject.named("Apollo"));

    assertThatThrownBy(() -> update(apollo, ProjectChanges.none()))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void aTargetDateBeforeTheStoredStartIsRefused() {
    LocalDate day = LocalDate.of(2030, 1, 2);
    Project apollo = create(NewProject.named("Apollo").dates(day, null));

    assertThatThrownBy(() -> ProjectChanges.none().dates(day, day.minusDays(1)))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx ->
                            tx.dsl()
                                .execute(
                                    "UPDATE plinth_projects.projects SET target_date = ?"
                                        + " WHERE organization_id = ? AND id = ?",
                                    day.minusDays(1),
                                    tx.organizationId(),
                                    apollo.id())))
        .isInstanceOfSatisfying(
            ConstraintViolationException.class,
            violation ->
                assertThat(violation.constraint())
                    .isEqualTo("projects_target_not_before_start_ck"));
  }

  @Test
  void aDeletedProjectIsGone() {
    Project apollo = create(NewProject.named("Apollo"));

    plinth.as(alice).run(tx -> projects.delete(tx, apollo.id(), apollo.version()));

    assertThatThrownBy(() -> get(apollo.id())).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> update(apollo, ProjectChanges.none().name("Back")))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> plinth.as(alice).read(tx -> projects.overview(tx, apollo.id())))
        .isInstanceOf(NotFoundException.class);
    plinth
        .as(alice)
        .run(
            tx -> {
              assertThat(projects.findByKey(tx, "APOLLO")).isEmpty();
              assertThat(projects.list(tx, PageRequest.first(9)).items()).isEmpty();
              assertThat(projects.overviews(tx, PageRequest.first(9)).items()).isEmpty();
            });
  }

  @Test
  void aProjectIsFoundByItsKey() {
    Project apollo = create(NewProject.named("Apollo"));

    plinth
        .as(alice)
        .run(
            tx -> {
              assertThat(projects.findByKey(tx, "APOLLO")).contains(apollo);
              assertThat(projects.findByKey(tx, "GEMINI")).isEmpty();
            });
  }

  @Test
  void anotherOrganizationsProjectIsNotFound(Organization globex, Member carol) {
    Project apollo = create(NewProject.named("Apollo"));
    UUID id = apollo.id();

    plinth
        .as(carol)
        .run(
            tx -> {
              assertThatThrownBy(() -> projects.get(tx, id)).isInstanceOf(NotFoundException.class);
              assertThatThrownBy(() -> projects.overview(tx, id))
                  .isInstanceOf(NotFoundException.class);
              assertThatThrownBy(
                      () -> projects.update(tx, id, 1, ProjectChanges.none().name("Mine")))
                  .isInstanceOf(NotFoundException.class);
              assertThatThrownBy(() -> projects.changeStatus(tx, id, 1, ProjectStatus.ACTIVE))
                  .isInstanceOf(NotFoundException.class);
              assertThatThrownBy(() -> projects.delete(tx, id, 1))
                  .isInstanceOf(NotFoundException.class);
              assertThat(projects.findByKey(tx, "APOLLO")).isEmpty();
            });
    assertThat(get(id)).isEqualTo(apollo);
  }

  @Test
  void aViewerReadsAndChangesNothing(
      Organization acme, Member alice, @Role(MemberRole.VIEWER) Member eve) {
    Project apollo = create(NewProject.named("Apollo"));
    UUID id = apollo.id();

    plinth
        .as(eve)
        .run(
            tx -> {
              assertThat(projects.get(tx, id)).isEqualTo(apollo);
              assertThatThrownBy(
                      () -> projects.update(tx, id, 1, ProjectChanges.none().name("Mine")))
                  .isInstanceOf(AccessDeniedException.class);
              assertThatThrownBy(() -> projects.changeStatus(tx, id, 1, ProjectStatus.ACTIVE))
                  .isInstanceOf(AccessDeniedException.class);
              assertThatThrownBy(() -> projects.delete(tx, id, 1))
                  .isInstanceOf(AccessDeniedException.class);
            });
    assertThat(get(id)).isEqualTo(apollo);
  }

  @Test
  void nothingIsWrittenInAReadOnlyTransaction() {
    Project apollo = create(NewProject.named("Apollo"));

    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .read(
                        tx ->
                            projects.update(
                                tx, apollo.id(), 1, ProjectChanges.none().name("Mine"))))
        .isInstanceOf(AccessDeniedException.class);
  }

  private Project create(NewProject project) {
    return plinth.as(alice).call(tx -> projects.create(tx, project));
  }

  private Project update(Project project, ProjectChanges changes) {
    return plinth
        .as(alice)
        .call(tx -> projects.update(tx, project.id(), project.version(), changes));
  }

  private Project get(UUID id) {
    return plinth.as(alice).read(tx -> projects.get(tx, id));
  }
}
