package dev.plinth.projects.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.ConstraintViolationException;
import dev.plinth.base.error.CycleException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Projects;
import dev.plinth.testing.PlinthTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PlinthTest(ProjectsModule.class)
class FeatureRequestTreeTest {

  private static final int LEVELS = 10;
  private static final int THREADS = 10;

  /** Follows every path upwards; a cycle would go on beyond the levels. */
  private static final String DEEPEST =
      """
      WITH RECURSIVE paths AS (
        SELECT id, parent_id, 1 AS levels FROM plinth_projects.feature_requests WHERE project_id = ?
        UNION ALL
        SELECT p.id, f.parent_id, p.levels + 1 FROM paths p
        JOIN plinth_projects.feature_requests f ON f.id = p.parent_id WHERE p.levels <= 20)
      SELECT max(levels) FROM paths
      """;

  private Plinth plinth;
  private Projects projects;
  private FeatureRequests requests;
  private Member alice;
  private UUID project;

  @BeforeEach
  void prepare(
      Plinth plinth, Projects projects, FeatureRequests requests, Organization acme, Member alice) {
    this.plinth = plinth;
    this.projects = projects;
    this.requests = requests;
    this.alice = alice;
    this.project = newProject();
  }

  @Test
  void nothingIsPartOfItself() {
    UUID one = create(null);

    assertThatThrownBy(() -> move(one, one))
        .isInstanceOfSatisfying(
            CycleException.class, cycle -> assertThat(cycle.path()).containsExactly(one, one));
  }

  @Test
  void aCycleIsRefusedWithItsPath() {
    UUID top = create(null);
    UUID middle = create(top);
    UUID bottom = create(middle);

    assertThatThrownBy(() -> move(top, bottom))
        .isInstanceOfSatisfying(
            CycleException.class,
            cycle -> {
              assertThat(cycle.what()).isEqualTo("feature_request");
              assertThat(cycle.path()).containsExactly(top, bottom, middle, top);
            });
    assertThat(get(top).parent()).isEmpty();
  }

  @Test
  void whoWritesByHandIsHeldToIt() {
    UUID top = create(null);
    UUID bottom = create(top);
    String sql =
        "UPDATE plinth_projects.feature_requests f"
            + " SET parent_id = (SELECT max(id::text)::uuid FROM plinth_projects.feature_requests g"
            + " WHERE g.project_id = f.project_id AND g.id <> f.id) WHERE f.project_id = ?";

    assertThatThrownBy(() -> plinth.as(alice).run(tx -> tx.dsl().execute(sql, project)))
        .isInstanceOf(CycleException.class);
    assertThat(get(bottom).parent()).contains(top);
  }

  @Test
  void aParentIsOfTheSameProjectAndThere(Organization globex, Member carol) {
    UUID one = create(null);
    UUID gone = create(null);
    plinth.as(alice).run(tx -> requests.delete(tx, gone, 1));
    UUID elsewhere =
        plinth
            .as(alice)
            .call(tx -> requests.create(tx, newProject(tx), NewFeatureRequest.titled("Elsewhere")))
            .id();

    assertThatThrownBy(() -> move(one, elsewhere)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> move(one, UUID.randomUUID())).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> move(one, gone)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> create(gone)).isInstanceOf(NotFoundException.class);
  }

  @Test
  void whatHasPartsIsNotDeleted() {
    UUID top = create(null);
    UUID part = create(top);

    assertThatThrownBy(() -> plinth.as(alice).run(tx -> requests.delete(tx, top, 1)))
        .isInstanceOf(ConflictException.class);

    plinth.as(alice).run(tx -> requests.delete(tx, part, 1));
    plinth.as(alice).run(tx -> requests.delete(tx, top, 1));
    assertThatThrownBy(() -> get(top)).isInstanceOf(NotFoundException.class);
  }

  @Test
  void whatWasDeletedComesBackOnlyWhereItMayBe() {
    UUID top = create(null);
    UUID part = create(top);
    plinth.as(alice).run(tx -> requests.delete(tx, part, 1));
    undelete(part);
    assertThat(get(part).parent()).contains(top);
    plinth.as(alice).run(tx -> requests.delete(tx, part, 3));
    complete(top);

    assertThatThrownBy(() -> undelete(part))
        .isInstanceOf(IllegalTransitionException.class)
        .hasMessageContaining("a part of what is completed");

    int version = get(top).version();
    plinth.as(alice).run(tx -> requests.delete(tx, top, version));
    assertThatThrownBy(() -> undelete(part)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> get(part)).isInstanceOf(NotFoundException.class);
  }

  @Test
  void thereAreTenLevelsAndNoMore() {
    UUID last = chain(LEVELS);

    assertThatThrownBy(() -> create(last)).isInstanceOf(ConstraintViolationException.class);
    UUID bottomOfTwo = create(create(null));
    UUID topOfTwo = get(bottomOfTwo).parent().orElseThrow();
    UUID ninth = get(last).parent().orElseThrow();
    assertThatThrownBy(() -> move(topOfTwo, ninth))
        .isInstanceOf(ConstraintViolationException.class);
    assertThat(move(topOfTwo, get(ninth).parent().orElseThrow()).parent()).isPresent();
    assertThat(deepest()).isEqualTo(LEVELS);
  }

  @Test
  void ofTwoThatBecomeEachOthersPartAtOnceOneWins() throws Exception {
    for (int round = 0; round < 10; round++) {
      UUID one = create(null);
      UUID other = create(null);
      CyclicBarrier together = new CyclicBarrier(2);

      List<Throwable> failures =
          atOnce(
              List.of(movingTogether(one, other, together), movingTogether(other, one, together)));

      assertThat(failures).singleElement().isInstanceOf(CycleException.class);
      CycleException cycle = (CycleException) failures.get(0);
      assertThat(cycle.path()).hasSize(3).contains(one, other);
    }
  }

  @Test
  void tenThreadsThatMoveAtRandomMakeNoCycle() throws Exception {
    List<UUID> all = IntStream.range(0, 12).mapToObj(i -> create(null)).toList();
    List<Callable<Void>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(i);
      threads.add(
          () -> {
            for (int turn = 0; turn < 30; turn++) {
              wander(all.get(random.nextInt(all.size())), all.get(random.nextInt(all.size())));
            }
            return null;
          });
    }

    assertThat(atOnce(threads)).isEmpty();

    assertThat(deepest()).isBetween(2, LEVELS);
  }

  /** What is refused is refused for one of these reasons, and never for a deadlock. */
  private void wander(UUID what, UUID where) {
    try {
      move(what, where);
    } catch (CycleException | ConstraintViolationException | StaleVersionException e) {
      assertThat(e).isNotNull();
    }
  }

  private Callable<Void> movingTogether(UUID what, UUID where, CyclicBarrier together) {
    return () -> {
      plinth
          .as(alice)
          .run(
              tx -> {
                together.await();
                requests.update(tx, what, 1, FeatureRequestChanges.none().partOf(where));
              });
      return null;
    };
  }

  private static List<Throwable> atOnce(List<Callable<Void>> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(work.size());
    try {
      List<Throwable> failures = new ArrayList<>();
      for (Future<Void> future : threads.invokeAll(work)) {
        try {
          future.get();
        } catch (ExecutionException e) {
          failures.add(e.getCause());
        }
      }
      return failures;
    } finally {
      threads.shutdownNow();
    }
  }

  private UUID chain(int levels) {
    UUID last = create(null);
    for (int level = 1; level < levels; level++) {
      last = create(last);
    }
    return last;
  }

  private int deepest() {
    return plinth
        .as(alice)
        .read(tx -> tx.dsl().fetchSingle(DEEPEST, project).get(0, Integer.class));
  }

  private UUID create(@Nullable UUID parent) {
    NewFeatureRequest request = NewFeatureRequest.titled("Part");
    return plinth
        .as(alice)
        .call(tx -> requests.create(tx, project, parent == null ? request : request.partOf(parent)))
        .id();
  }

  private FeatureRequest move(UUID what, UUID where) {
    return plinth
        .as(alice)
        .call(
            tx -> {
              int version = requests.get(tx, what).version();
              return requests.update(tx, what, version, FeatureRequestChanges.none().partOf(where));
            });
  }

  /** By hand: no service does. */
  private void undelete(UUID id) {
    String sql = "UPDATE plinth_projects.feature_requests SET deleted_at = NULL WHERE id = ?";
    plinth.as(alice).run(tx -> tx.dsl().execute(sql, id));
  }

  private void complete(UUID id) {
    for (FeatureStatus status :
        List.of(
            FeatureStatus.PLANNED,
            FeatureStatus.IN_PROGRESS,
            FeatureStatus.IN_REVIEW,
            FeatureStatus.COMPLETED)) {
      plinth
          .as(alice)
          .run(tx -> requests.changeStatus(tx, id, requests.get(tx, id).version(), status));
    }
  }

  private FeatureRequest get(UUID id) {
    return plinth.as(alice).read(tx -> requests.get(tx, id));
  }

  private UUID newProject() {
    return plinth.as(alice).call(this::newProject);
  }

  private UUID newProject(TenantTx tx) {
    return projects.create(tx, NewProject.named("Apollo")).id();
  }
}
