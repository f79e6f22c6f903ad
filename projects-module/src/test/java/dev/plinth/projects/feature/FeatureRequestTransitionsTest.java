package dev.plinth.projects.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.sql.Priority;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Projects;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PlinthTest(ProjectsModule.class)
class FeatureRequestTransitionsTest {

  private static final Instant START = Instant.parse("2031-02-03T04:05:06Z");

  private Plinth plinth;
  private FeatureRequests requests;
  private SettableClock clock;
  private Member alice;
  private Member bob;
  private UUID project;

  @BeforeEach
  void prepare(
      Plinth plinth,
      Projects projects,
      FeatureRequests requests,
      SettableClock clock,
      Organization acme,
      Member alice,
      Member bob) {
    this.plinth = plinth;
    this.requests = requests;
    this.clock = clock;
    this.alice = alice;
    this.bob = bob;
    this.project =
        plinth.as(alice).call(tx -> projects.create(tx, NewProject.named("Apollo"))).id();
    clock.freezeAt(START);
  }

  @AfterEach
  void resetTheClock() {
    clock.reset();
  }

  @Test
  void everyChangeIsKeptWithAuthorAndTime() {
    UUID id = create();
    UUID whole = create();
    clock.advance(Duration.ofHours(1));
    FeatureRequestChanges planning =
        FeatureRequestChanges.none()
            .priority(Priority.CRITICAL)
            .assignee(bob.userId())
            .deadline(LocalDate.of(2031, 5, 6))
            .complexity(8)
            .partOf(whole)
            .title("Not a transition");
    plinth.as(alice).run(tx -> requests.update(tx, id, 1, planning));

    List<Transition> transitions = transitions(id);

    assertThat(transitions)
        .extracting(Transition::field, Transition::fromOrNull, Transition::toOrNull)
        .containsExactlyInAnyOrder(
            tuple(TransitionField.STATUS, null, "proposed"),
            tuple(TransitionField.PRIORITY, null, "2"),
            tuple(TransitionField.PRIORITY, "2", "4"),
            tuple(TransitionField.ASSIGNEE, null, bob.userId().toString()),
            tuple(TransitionField.DEADLINE, null, "2031-05-06"),
            tuple(TransitionField.COMPLEXITY, null, "8"),
            tuple(TransitionField.PARENT, null, whole.toString()));
    assertThat(transitions.subList(0, 2))
        .allSatisfy(
            first -> {
              assertThat(first.author()).contains(bob.userId());
              assertThat(first.at()).isEqualTo(START);
            });
    assertThat(transitions.subList(2, 7))
        .allSatisfy(
            later -> {
              assertThat(later.author()).contains(alice.userId());
              assertThat(later.at()).isEqualTo(START.plus(Duration.ofHours(1)));
            });
  }

  @Test
  void whatIsWrittenByHandIsRecordedToo() {
    UUID id = create();

    plinth
        .as(alice)
        .run(
            tx ->
                tx.dsl()
                    .execute(
                        "UPDATE plinth_projects.feature_requests SET status = 'planned', title = 'x'"
                            + " WHERE id = ?",
                        id));
    plinth
        .as(alice)
        .run(
            tx ->
                tx.dsl()
                    .execute(
                        "UPDATE plinth_projects.feature_requests SET status = status WHERE id = ?",
                        id));

    assertThat(transitions(id))
        .filteredOn(change -> change.field() == TransitionField.STATUS)
        .extracting(Transition::toOrNull, Transition::authorOrNull)
        .containsExactly(tuple("proposed", bob.userId()), tuple("planned", alice.userId()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM plinth_projects.feature_request_transitions",
        "UPDATE plinth_projects.feature_request_transitions SET author_id = NULL",
        "INSERT INTO plinth_projects.feature_request_transitions"
            + " (organization_id, feature_request_id, field, to_value)"
            + " SELECT organization_id, id, 'status', 'completed' FROM plinth_projects.feature_requests",
        "UPDATE plinth_projects.feature_request_tallies SET vote_count = 99",
        "DELETE FROM plinth_projects.feature_request_tallies",
        "SELECT plinth_projects.record_feature_request()"
      })
  void nobodyElseWritesThem(String sql) {
    UUID id = create();
    List<Transition> before = transitions(id);

    assertThatThrownBy(() -> plinth.as(alice).run(tx -> tx.dsl().execute(sql)))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(transitions(id)).isEqualTo(before);
  }

  @Test
  void timeInAStatusIsMeasuredFromItsTransitions() {
    UUID id = create();
    clock.advance(Duration.ofDays(2));
    status(id, FeatureStatus.PLANNED);
    clock.advance(Duration.ofHours(5));
    plinth.as(alice).run(tx -> requests.update(tx, id, 2, FeatureRequestChanges.none().title("x")));
    clock.advance(Duration.ofHours(1));
    status(id, FeatureStatus.IN_PROGRESS);
    clock.advance(Duration.ofMinutes(30));
    status(id, FeatureStatus.PLANNED);
    clock.advance(Duration.ofMinutes(1));

    List<StatusPeriod> periods = plinth.as(bob).read(tx -> requests.statusPeriods(tx, id));

    assertThat(periods)
        .extracting(StatusPeriod::status, StatusPeriod::duration)
        .containsExactly(
            tuple(FeatureStatus.PROPOSED, Duration.ofDays(2)),
            tuple(FeatureStatus.PLANNED, Duration.ofHours(6)),
            tuple(FeatureStatus.IN_PROGRESS, Duration.ofMinutes(30)),
            tuple(FeatureStatus.PLANNED, Duration.ofMinutes(1)));
    assertThat(periods.get(0).author()).contains(bob.userId());
    assertThat(periods.get(0).leftAt()).contains(periods.get(1).enteredAt());
    assertThat(periods.get(3).leftAt()).isEmpty();
  }

  @Test
  void aPageHoldsEachOnceAndItsCursorIsOfOneRequest() {
    UUID id = create();
    status(id, FeatureStatus.PLANNED);

    Page<Transition> first =
        plinth.as(alice).read(tx -> requests.transitions(tx, id, PageRequest.first(2)));
    PageRequest next = PageRequest.after(first.next().orElseThrow(), 2);
    Page<Transition> second = plinth.as(alice).read(tx -> requests.transitions(tx, id, next));

    assertThat(second.next()).isEmpty();
    assertThat(first.items()).doesNotContainAnyElementsOf(second.items()).hasSize(2);
    assertThat(second.items()).hasSize(1);
    UUID other = create();
    assertThatThrownBy(() -> plinth.as(alice).read(tx -> requests.transitions(tx, other, next)))
        .isInstanceOf(InvalidCursorException.class);
  }

  private UUID create() {
    return plinth
        .as(bob)
        .call(tx -> requests.create(tx, project, NewFeatureRequest.titled("Dark mode")))
        .id();
  }

  private void status(UUID id, FeatureStatus status) {
    plinth
        .as(alice)
        .run(tx -> requests.changeStatus(tx, id, requests.get(tx, id).version(), status));
  }

  private List<Transition> transitions(UUID id) {
    return plinth
        .as(alice)
        .read(tx -> requests.transitions(tx, id, PageRequest.first(100)))
        .items();
  }
}
