package dev.plinth.projects.project;

import static dev.plinth.projects.jooq.Tables.PROJECTS;
import static dev.plinth.projects.project.ProjectStatus.ACTIVE;
import static dev.plinth.projects.project.ProjectStatus.ARCHIVED;
import static dev.plinth.projects.project.ProjectStatus.CANCELLED;
import static dev.plinth.projects.project.ProjectStatus.COMPLETED;
import static dev.plinth.projects.project.ProjectStatus.ON_HOLD;
import static dev.plinth.projects.project.ProjectStatus.PLANNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.Listening;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@PlinthTest(ProjectsModule.class)
class ProjectStatusTest {

  /** A way to each status from planning. */
  private static final Map<ProjectStatus, List<ProjectStatus>> WAYS =
      Map.of(
          PLANNING, List.of(),
          ACTIVE, List.of(ACTIVE),
          ON_HOLD, List.of(ACTIVE, ON_HOLD),
          COMPLETED, List.of(ACTIVE, COMPLETED),
          CANCELLED, List.of(CANCELLED),
          ARCHIVED, List.of(CANCELLED, ARCHIVED));

  private Plinth plinth;
  private Projects projects;
  private Member alice;

  @BeforeEach
  void prepare(Plinth plinth, Projects projects, Organization acme, Member alice) {
    this.plinth = plinth;
    this.projects = projects;
    this.alice = alice;
  }

  static Stream<Arguments> pairs() {
    return Arrays.stream(ProjectStatus.values())
        .flatMap(from -> Arrays.stream(ProjectStatus.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void theDatabaseAllowsWhatJavaAllows(ProjectStatus from, ProjectStatus to) {
    Project project = plinth.as(alice).call(tx -> in(tx, from));

    // An UPDATE that names every column, as a generated DAO does, leaves most of them as they are.
    if (from == to || from.canBecome(to)) {
      assertThat(plinth.as(alice).<Integer, RuntimeException>call(tx -> set(tx, project.id(), to)))
          .isEqualTo(1);
    } else {
      assertThatThrownBy(() -> plinth.as(alice).run(tx -> set(tx, project.id(), to)))
          .isInstanceOf(IllegalTransitionException.class)
          .hasMessage("project cannot go from %s to %s", word(from), word(to));
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void theServiceAllowsWhatJavaAllows(ProjectStatus from, ProjectStatus to) {
    Project project = plinth.as(alice).call(tx -> in(tx, from));

    if (from.canBecome(to)) {
      Project changed = plinth.as(alice).call(tx -> changed(tx, project, to));
      assertThat(changed.status()).isEqualTo(to);
      assertThat(changed.version()).isEqualTo(project.version() + 1);
    } else {
      assertThatThrownBy(() -> plinth.as(alice).run(tx -> changed(tx, project, to)))
          .isInstanceOfSatisfying(
              IllegalTransitionException.class,
              refusal -> {
                assertThat(refusal.what()).isEqualTo("project");
                assertThat(refusal.from()).isEqualTo(word(from));
                assertThat(refusal.to()).isEqualTo(word(to));
              });
      Project stored = plinth.as(alice).read(tx -> projects.get(tx, project.id()));
      assertThat(stored).isEqualTo(project);
    }
  }

  @ParameterizedTest
  @EnumSource(ProjectStatus.class)
  void theDatabaseRefusesToBeginAsJavaDoes(ProjectStatus first) {
    if (first.canBeFirst()) {
      assertThat(plinth.as(alice).<Integer, RuntimeException>call(tx -> insert(tx, first)))
          .isEqualTo(1);
    } else {
      assertThatThrownBy(() -> plinth.as(alice).run(tx -> insert(tx, first)))
          .isInstanceOf(IllegalTransitionException.class)
          .hasMessage("project cannot go from nothing to %s", word(first));
      assertThatThrownBy(() -> NewProject.named("Apollo").status(first))
          .isInstanceOf(InvalidValueException.class);
    }
  }

  @Test
  void completionIsNotedWithTheTimeOfTheTransaction(SettableClock clock) {
    Project project = plinth.as(alice).call(tx -> in(tx, ACTIVE));
    clock.freezeAt(Instant.parse("2031-02-03T04:05:06Z"));

    Project completed = plinth.as(alice).call(tx -> changed(tx, project, COMPLETED));

    clock.reset();
    assertThat(completed.completedAt()).contains(Instant.parse("2031-02-03T04:05:06Z"));
  }

  @Test
  void anArchivedProjectStillTellsWhenItWasCompleted(SettableClock clock) {
    Project completed = plinth.as(alice).call(tx -> in(tx, COMPLETED));
    clock.advance(Duration.ofDays(1));

    Project archived = plinth.as(alice).call(tx -> changed(tx, completed, ARCHIVED));

    clock.reset();
    assertThat(archived.completedAt()).isEqualTo(completed.completedAt()).isPresent();
  }

  @Test
  void aFailedTransitionLeavesTheTransactionUsable() {
    Project project = plinth.as(alice).call(tx -> in(tx, PLANNING));

    Project after =
        plinth
            .as(alice)
            .call(
                tx -> {
                  assertThatThrownBy(() -> changed(tx, project, ARCHIVED))
                      .isInstanceOf(IllegalTransitionException.class);
                  return changed(tx, project, ACTIVE);
                });

    assertThat(after.status()).isEqualTo(ACTIVE);
  }

  @Test
  void aTransitionIsToldToTheOtherModules(TestDatabase database) {
    Listening listening = new Listening();
    Plinth heard =
        Plinth.builder()
            .dataSource(database.host())
            .modules(new ProjectsModule(), listening)
            .build();

    Project project =
        heard
            .as(alice)
            .call(tx -> changed(tx, projects.create(tx, NewProject.named("Apollo")), CANCELLED));

    UUID organization = alice.organizationId();
    assertThat(listening.heard())
        .containsExactly(
            new ProjectCreated(organization, project.id()),
            new ProjectStatusChanged(organization, project.id(), PLANNING, CANCELLED));
  }

  private Project in(TenantTx tx, ProjectStatus status) {
    Project project = projects.create(tx, NewProject.named("Apollo"));
    for (ProjectStatus step : WAYS.getOrDefault(status, List.of())) {
      project = changed(tx, project, step);
    }
    return project;
  }

  private Project changed(TenantTx tx, Project project, ProjectStatus status) {
    return projects.changeStatus(tx, project.id(), project.version(), status);
  }

  private static int set(TenantTx tx, UUID project, ProjectStatus status) {
    return tx.dsl()
        .update(PROJECTS)
        .set(PROJECTS.STATUS, status)
        .where(PROJECTS.ORGANIZATION_ID.eq(tx.organizationId()), PROJECTS.ID.eq(project))
        .execute();
  }

  private static int insert(TenantTx tx, ProjectStatus status) {
    return tx.dsl()
        .insertInto(PROJECTS)
        .set(PROJECTS.ORGANIZATION_ID, tx.organizationId())
        .set(PROJECTS.KEY, "DIRECT")
        .set(PROJECTS.NAME, "Direct")
        .set(PROJECTS.STATUS, status)
        .execute();
  }

  private static String word(ProjectStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
