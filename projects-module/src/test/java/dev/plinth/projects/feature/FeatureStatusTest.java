package dev.plinth.projects.feature;

import static dev.plinth.projects.feature.FeatureStatus.COMPLETED;
import static dev.plinth.projects.feature.FeatureStatus.IN_PROGRESS;
import static dev.plinth.projects.feature.FeatureStatus.IN_REVIEW;
import static dev.plinth.projects.feature.FeatureStatus.PLANNED;
import static dev.plinth.projects.feature.FeatureStatus.PROPOSED;
import static dev.plinth.projects.feature.FeatureStatus.REJECTED;
import static dev.plinth.projects.jooq.Tables.FEATURE_REQUESTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Projects;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
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
import org.junit.jupiter.params.provider.MethodSource;

@PlinthTest(ProjectsModule.class)
class FeatureStatusTest {

  /** A way to each status from proposed. */
  private static final Map<FeatureStatus, List<FeatureStatus>> WAYS =
      Map.of(
          PROPOSED, List.of(),
          PLANNED, List.of(PLANNED),
          IN_PROGRESS, List.of(PLANNED, IN_PROGRESS),
          IN_REVIEW, List.of(PLANNED, IN_PROGRESS, IN_REVIEW),
          COMPLETED, List.of(PLANNED, IN_PROGRESS, IN_REVIEW, COMPLETED),
          REJECTED, List.of(REJECTED));

  private Plinth plinth;
  private FeatureRequests requests;
  private Member alice;
  private UUID project;

  @BeforeEach
  void prepare(
      Plinth plinth, Projects projects, FeatureRequests requests, Organization acme, Member alice) {
    this.plinth = plinth;
    this.requests = requests;
    this.alice = alice;
    this.project =
        plinth.as(alice).call(tx -> projects.create(tx, NewProject.named("Apollo"))).id();
  }

  static Stream<Arguments> pairs() {
    return Arrays.stream(FeatureStatus.values())
        .flatMap(from -> Arrays.stream(FeatureStatus.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void theDatabaseAllowsWhatJavaAllows(FeatureStatus from, FeatureStatus to) {
    FeatureRequest request = plinth.as(alice).call(tx -> in(tx, from));

    if (from == to || from.canBecome(to)) {
      int rows = plinth.as(alice).call(tx -> set(tx, request.id(), to));
      assertThat(rows).isEqualTo(1);
    } else {
      assertThatThrownBy(() -> plinth.as(alice).run(tx -> set(tx, request.id(), to)))
          .isInstanceOf(IllegalTransitionException.class)
          .hasMessage("feature_request cannot go from %s to %s", word(from), word(to));
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void theServiceAllowsWhatJavaAllows(FeatureStatus from, FeatureStatus to) {
    FeatureRequest request = plinth.as(alice).call(tx -> in(tx, from));

    if (from.canBecome(to)) {
      FeatureRequest changed = plinth.as(alice).call(tx -> changed(tx, request, to));
      assertThat(changed.status()).isEqualTo(to);
      assertThat(changed.completedAt().isPresent()).isEqualTo(to == COMPLETED);
    } else {
      assertThatThrownBy(() -> plinth.as(alice).run(tx -> changed(tx, request, to)))
          .isInstanceOf(IllegalTransitionException.class);
      FeatureRequest stored = plinth.as(alice).read(tx -> requests.get(tx, request.id()));
      assertThat(stored).isEqualTo(request);
    }
  }

  @Test
  void completionIsNotedWithTheTimeOfTheTransactionAndForgottenWhenItIsTakenUpAgain(
      SettableClock clock) {
    FeatureRequest request = plinth.as(alice).call(tx -> in(tx, IN_REVIEW));
    clock.freezeAt(Instant.parse("2031-02-03T04:05:06Z"));

    FeatureRequest completed = plinth.as(alice).call(tx -> changed(tx, request, COMPLETED));

    clock.reset();
    assertThat(completed.completedAt()).contains(Instant.parse("2031-02-03T04:05:06Z"));
    FeatureRequest again = plinth.as(alice).call(tx -> changed(tx, completed, IN_PROGRESS));
    assertThat(again.completedAt()).isEmpty();
  }

  @Test
  void whatHasOpenPartsIsNotCompleted() {
    FeatureRequest whole = plinth.as(alice).call(tx -> in(tx, IN_REVIEW));
    FeatureRequest part = plinth.as(alice).call(tx -> part(tx, whole));

    assertThatThrownBy(() -> plinth.as(alice).run(tx -> changed(tx, whole, COMPLETED)))
        .isInstanceOf(IllegalTransitionException.class)
        .hasMessageEndingWith("from in_review to completed while parts of it are open");

    plinth.as(alice).run(tx -> changed(tx, part, REJECTED));
    FeatureRequest completed = plinth.as(alice).call(tx -> changed(tx, whole, COMPLETED));
    assertThat(completed.status()).isEqualTo(COMPLETED);
  }

  @Test
  void whatIsCompletedGetsNoOpenPart() {
    FeatureRequest whole = plinth.as(alice).call(tx -> in(tx, IN_REVIEW));
    FeatureRequest part = plinth.as(alice).call(tx -> part(tx, whole));
    FeatureRequest rejected = plinth.as(alice).call(tx -> changed(tx, part, REJECTED));
    FeatureRequest free = plinth.as(alice).call(tx -> in(tx, PLANNED));
    plinth.as(alice).run(tx -> changed(tx, whole, COMPLETED));

    assertThatThrownBy(() -> plinth.as(alice).run(tx -> part(tx, whole)))
        .isInstanceOf(IllegalTransitionException.class)
        .hasMessageContaining("a part of what is completed");
    assertThatThrownBy(() -> plinth.as(alice).run(tx -> changed(tx, rejected, PROPOSED)))
        .isInstanceOf(IllegalTransitionException.class);
    FeatureRequestChanges moving = FeatureRequestChanges.none().partOf(whole.id());
    assertThatThrownBy(() -> plinth.as(alice).run(tx -> requests.update(tx, free.id(), 2, moving)))
        .isInstanceOf(IllegalTransitionException.class);
  }

  private FeatureRequest in(TenantTx tx, FeatureStatus status) {
    FeatureRequest request = requests.create(tx, project, NewFeatureRequest.titled("Dark mode"));
    for (FeatureStatus step : WAYS.getOrDefault(status, List.of())) {
      request = changed(tx, request, step);
    }
    return request;
  }

  private FeatureRequest part(TenantTx tx, FeatureRequest whole) {
    return requests.create(tx, project, NewFeatureRequest.titled("Part").partOf(whole.id()));
  }

  private FeatureRequest changed(TenantTx tx, FeatureRequest request, FeatureStatus status) {
    return requests.changeStatus(tx, request.id(), request.version(), status);
  }

  private static int set(TenantTx tx, UUID id, FeatureStatus status) {
    return tx.dsl()
        .update(FEATURE_REQUESTS)
        .set(FEATURE_REQUESTS.STATUS, status)
        .where(FEATURE_REQUESTS.ORGANIZATION_ID.eq(tx.organizationId()))
        .and(FEATURE_REQUESTS.ID.eq(id))
        .execute();
  }

  private static String word(FeatureStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
