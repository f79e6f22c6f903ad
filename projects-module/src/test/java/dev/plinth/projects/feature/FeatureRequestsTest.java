package dev.plinth.projects.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.ProjectMembers;
import dev.plinth.projects.project.ProjectRole;
import dev.plinth.projects.project.Projects;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Alice administers, Bob contributes to the project, Dave is a member who does not work on it, Eve
 * a viewer of the organization who is called a lead.
 */
@PlinthTest(ProjectsModule.class)
class FeatureRequestsTest {

  private static final LocalDate DAY = LocalDate.of(2031, 5, 6);

  private Plinth plinth;
  private Projects projects;
  private FeatureRequests requests;
  private Member alice;
  private Member bob;
  private Member dave;
  private Member eve;
  private UUID project;

  @BeforeEach
  void prepare(
      Plinth plinth,
      Projects projects,
      ProjectMembers members,
      FeatureRequests requests,
      Organization acme,
      Member alice,
      Member bob,
      Member dave,
      @Role(MemberRole.VIEWER) Member eve) {
    this.plinth = plinth;
    this.projects = projects;
    this.requests = requests;
    this.alice = alice;
    this.bob = bob;
    this.dave = dave;
    this.eve = eve;
    this.project =
        plinth
            .as(alice)
            .call(
                tx -> {
                  UUID id = projects.create(tx, NewProject.named("Apollo")).id();
                  members.add(tx, id, bob.userId(), ProjectRole.CONTRIBUTOR);
                  members.add(tx, id, eve.userId(), ProjectRole.LEAD);
                  return id;
                });
  }

  @Test
  void aTitleIsEnough() {
    FeatureRequest created = create(dave, NewFeatureRequest.titled("Dark mode"));

    assertThat(created.title()).isEqualTo("Dark mode");
    assertThat(created.status()).isEqualTo(FeatureStatus.PROPOSED);
    assertThat(created.priority()).isEqualTo(Priority.MEDIUM);
    assertThat(created.requester()).contains(dave.userId());
    assertThat(created.projectId()).isEqualTo(project);
    assertThat(created.voteCount() + created.commentCount()).isZero();
    assertThat(created.ownVote()).isEmpty();
    assertThat(created.version()).isEqualTo(1);
    assertThat(get(alice, created.id())).isEqualTo(created);
  }

  @Test
  void whoWorksOnTheProjectPlansAtOnce() {
    FeatureRequest whole = create(bob, NewFeatureRequest.titled("Themes"));
    NewFeatureRequest planned =
        NewFeatureRequest.titled("Dark mode")
            .description("For the night")
            .partOf(whole.id())
            .priority(Priority.HIGH)
            .assignedTo(dave.userId())
            .deadline(DAY)
            .complexity(7)
            .metadata(Map.of("source", "mail"));

    FeatureRequest created = create(bob, planned);

    assertThat(created.description()).isEqualTo("For the night");
    assertThat(created.parent()).contains(whole.id());
    assertThat(created.priority()).isEqualTo(Priority.HIGH);
    assertThat(created.assignee()).contains(dave.userId());
    assertThat(created.deadline()).contains(DAY);
    assertThat(created.complexity()).hasValue(7);
    assertThat(created.metadata()).isEqualTo(Map.of("source", "mail"));
  }

  @Test
  void aServicesRequestHasNoRequester() {
    FeatureRequest created =
        plinth
            .asService(alice.organizationId(), "import")
            .call(tx -> requests.create(tx, project, NewFeatureRequest.titled("Dark mode")));

    assertThat(created.requester()).isEmpty();
  }

  static Stream<UnaryOperator<NewFeatureRequest>> plans() {
    return Stream.of(
        request -> request.priority(Priority.HIGH),
        request -> request.deadline(DAY),
        request -> request.complexity(0),
        request -> request.assignedTo(UUID.randomUUID()),
        request -> request.partOf(UUID.randomUUID()));
  }

  @ParameterizedTest
  @MethodSource("plans")
  void whoDoesNotWorkOnTheProjectPlansNothing(UnaryOperator<NewFeatureRequest> plan) {
    NewFeatureRequest planned = plan.apply(NewFeatureRequest.titled("Dark mode"));

    assertThatThrownBy(() -> create(dave, planned)).isInstanceOf(AccessDeniedException.class);
    assertThat(list()).isEmpty();
  }

  @Test
  void aViewerWritesNothingThoughALeadOfTheProject() {
    FeatureRequest stored = create(dave, NewFeatureRequest.titled("Dark mode"));

    assertThatThrownBy(() -> create(eve, NewFeatureRequest.titled("Mine")))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> update(eve, stored, FeatureRequestChanges.none().title("Mine")))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(eve)
                    .run(tx -> requests.changeStatus(tx, stored.id(), 1, FeatureStatus.PLANNED)))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(get(eve, stored.id())).isEqualTo(stored);
  }

  @Test
  void aRequesterChangesTheOwnWordsWhileTheyAreProposed() {
    FeatureRequest stored = create(dave, NewFeatureRequest.titled("Drak mode"));

    FeatureRequest changed =
        update(dave, stored, FeatureRequestChanges.none().title("Dark mode").description("Dim"));
    assertThat(changed.title()).isEqualTo("Dark mode");
    assertThat(changed.description()).isEqualTo("Dim");
    assertThat(changed.version()).isEqualTo(2);

    assertThatThrownBy(
            () -> update(dave, changed, FeatureRequestChanges.none().priority(Priority.CRITICAL)))
        .isInstanceOf(AccessDeniedException.class);
    FeatureRequest planned =
        plinth.as(bob).call(tx -> requests.changeStatus(tx, stored.id(), 2, FeatureStatus.PLANNED));
    assertThatThrownBy(() -> update(dave, planned, FeatureRequestChanges.none().title("Late")))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(get(alice, stored.id())).isEqualTo(planned);
  }

  @Test
  void theWordsOfOthersAreChangedByWhoWorksOnTheProjectOnly() {
    FeatureRequest stored = create(alice, NewFeatureRequest.titled("Dark mode"));

    assertThatThrownBy(() -> update(dave, stored, FeatureRequestChanges.none().title("Mine")))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(update(bob, stored, FeatureRequestChanges.none().title("Night mode")).title())
        .isEqualTo("Night mode");
  }

  /** What a service checks first, a statement written by hand runs into. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE plinth_projects.feature_requests SET title = 'Mine' WHERE title = 'Of Alice'",
        "UPDATE plinth_projects.feature_requests SET deleted_at = now() WHERE title = 'Of Alice'",
        "UPDATE plinth_projects.feature_requests SET status = 'planned' WHERE title = 'Of Dave'",
        "UPDATE plinth_projects.feature_requests SET priority = 4 WHERE title = 'Of Dave'",
        "UPDATE plinth_projects.feature_requests SET assignee_id = plinth_base.current_user_id()",
        "INSERT INTO plinth_projects.feature_requests (organization_id, project_id, title, priority)"
            + " SELECT organization_id, project_id, 'New', 4 FROM plinth_projects.feature_requests LIMIT 1",
        "INSERT INTO plinth_projects.feature_requests (organization_id, project_id, title, requester_id)"
            + " SELECT organization_id, project_id, 'New', NULL FROM plinth_projects.feature_requests LIMIT 1",
        "INSERT INTO plinth_projects.feature_requests (organization_id, project_id, title, status)"
            + " SELECT organization_id, project_id, 'New', 'planned' FROM plinth_projects.feature_requests LIMIT 1",
        "DELETE FROM plinth_projects.feature_requests"
      })
  void theDatabaseHoldsWhoWritesByHand(String sql) {
    create(alice, NewFeatureRequest.titled("Of Alice"));
    create(dave, NewFeatureRequest.titled("Of Dave"));
    List<FeatureRequest> before = list();

    assertThatThrownBy(() -> plinth.as(dave).run(tx -> tx.dsl().execute(sql)))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(list()).isEqualTo(before);
  }

  @Test
  void anUpdateNamesTheVersionThatItSaw() {
    FeatureRequest stored = create(alice, NewFeatureRequest.titled("Dark mode"));
    update(alice, stored, FeatureRequestChanges.none().complexity(3).deadline(DAY));

    assertThatThrownBy(() -> update(bob, stored, FeatureRequestChanges.none().title("Late")))
        .isInstanceOf(StaleVersionException.class);
    assertThatThrownBy(() -> delete(bob, stored)).isInstanceOf(StaleVersionException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(bob)
                    .run(tx -> requests.changeStatus(tx, stored.id(), 1, FeatureStatus.PLANNED)))
        .isInstanceOf(StaleVersionException.class);
    assertThatThrownBy(() -> update(bob, stored, FeatureRequestChanges.none()))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void aDeletedRequestIsGone() {
    FeatureRequest stored = create(dave, NewFeatureRequest.titled("Dark mode"));
    FeatureRequest other = create(alice, NewFeatureRequest.titled("Light mode"));
    assertThatThrownBy(() -> delete(dave, other)).isInstanceOf(AccessDeniedException.class);

    delete(dave, stored);

    assertThatThrownBy(() -> get(alice, stored.id())).isInstanceOf(NotFoundException.class);
    assertThat(list()).containsExactly(other);
  }

  @Test
  void theRequestsOfADeletedProjectAreGone() {
    FeatureRequest stored = create(alice, NewFeatureRequest.titled("Dark mode"));

    plinth.as(alice).run(tx -> projects.delete(tx, project, 1));

    assertThatThrownBy(() -> get(alice, stored.id())).isInstanceOf(NotFoundException.class);
    assertThat(list()).isEmpty();
    assertThatThrownBy(() -> create(alice, NewFeatureRequest.titled("Late")))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aStrangerIsNotAssigned(Organization globex, Member carol) {
    FeatureRequest stored = create(alice, NewFeatureRequest.titled("Dark mode"));

    assertThatThrownBy(
            () -> update(alice, stored, FeatureRequestChanges.none().assignee(carol.userId())))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> get(carol, stored.id())).isInstanceOf(NotFoundException.class);
    assertThat(get(alice, stored.id())).isEqualTo(stored);
  }

  @Test
  void badValuesAreRefusedBeforeAnyStatement() {
    assertThatThrownBy(() -> NewFeatureRequest.titled(" "))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> NewFeatureRequest.titled("x".repeat(201)))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> NewFeatureRequest.titled("x").complexity(11))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> FeatureRequestChanges.none().complexity(-1))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> FeatureRequestChanges.none().description("x".repeat(20_001)))
        .isInstanceOf(InvalidValueException.class);
  }

  private FeatureRequest create(Member as, NewFeatureRequest request) {
    return plinth.as(as).call(tx -> requests.create(tx, project, request));
  }

  private FeatureRequest get(Member as, UUID id) {
    return plinth.as(as).read(tx -> requests.get(tx, id));
  }

  private FeatureRequest update(Member as, FeatureRequest stored, FeatureRequestChanges changes) {
    return plinth.as(as).call(tx -> updated(tx, stored, changes));
  }

  private FeatureRequest updated(
      TenantTx tx, FeatureRequest stored, FeatureRequestChanges changes) {
    return requests.update(tx, stored.id(), stored.version(), changes);
  }

  private void delete(Member as, FeatureRequest stored) {
    plinth.as(as).run(tx -> requests.delete(tx, stored.id(), stored.version()));
  }

  private List<FeatureRequest> list() {
    return plinth
        .as(eve)
        .read(
            tx ->
                requests.list(
                    tx,
                    FeatureRequestFilter.all().project(project),
                    FeatureRequestOrder.NEWEST,
                    PageRequest.first(100)))
        .items();
  }
}
