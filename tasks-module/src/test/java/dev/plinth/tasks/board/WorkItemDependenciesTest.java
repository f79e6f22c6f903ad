package dev.plinth.tasks.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.CycleException;
import dev.plinth.base.error.DatabaseException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jooq.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits for what, and that nothing ever waits for itself. */
@PlinthTest(TasksModule.class)
class WorkItemDependenciesTest {

  private static final PageRequest PAGE = PageRequest.first(100);
  private static final int THREADS = 10;

  private Plinth plinth;
  private WorkItems items;
  private WorkItemDependencies dependencies;
  private Member alice;

  @BeforeEach
  void prepare(
      Plinth plinth,
      WorkItems items,
      WorkItemDependencies dependencies,
      Organization acme,
      Member alice) {
    this.plinth = plinth;
    this.items = items;
    this.dependencies = dependencies;
    this.alice = alice;
  }

  @Test
  void whatIsBlockedIsNeitherStartedNorFinished() {
    UUID blocker = create();
    UUID blocked = create();
    UUID started = create();
    change(started, WorkItemStatus.IN_PROGRESS);
    assertThat(add(blocker, blocked)).isTrue();
    assertThat(add(blocker, blocked)).isFalse();
    add(blocker, started);

    assertThatThrownBy(() -> change(blocked, WorkItemStatus.IN_PROGRESS))
        .isInstanceOf(IllegalTransitionException.class)
        .hasMessageContaining("blockers are open");
    assertThatThrownBy(() -> change(started, WorkItemStatus.DONE))
        .isInstanceOf(IllegalTransitionException.class);
    change(started, WorkItemStatus.CANCELLED);

    change(blocker, WorkItemStatus.IN_PROGRESS);
    change(blocker, WorkItemStatus.DONE);
    WorkItem free = change(blocked, WorkItemStatus.IN_PROGRESS);
    assertThat(free.status()).isEqualTo(WorkItemStatus.IN_PROGRESS);
    List<WorkItem> blockers =
        plinth.as(alice).read(tx -> dependencies.blockersOf(tx, blocked, PAGE)).items();
    List<WorkItem> waiting =
        plinth.as(alice).read(tx -> dependencies.blockedBy(tx, blocker, PAGE)).items();
    assertThat(blockers).extracting(WorkItem::id).containsExactly(blocker);
    assertThat(waiting).extracting(WorkItem::id).containsExactly(blocked, started);
  }

  @Test
  void whatIsCancelledRemovedOrDeletedBlocksNothing() {
    UUID blocked = create();
    UUID cancelled = create();
    UUID removed = create();
    UUID deleted = create();
    List.of(cancelled, removed, deleted).forEach(blocker -> add(blocker, blocked));
    change(cancelled, WorkItemStatus.CANCELLED);
    plinth.as(alice).run(tx -> dependencies.remove(tx, removed, blocked));
    plinth.as(alice).run(tx -> items.delete(tx, deleted, 1));

    assertThat(change(blocked, WorkItemStatus.IN_PROGRESS).version()).isEqualTo(2);
    assertThat(edges()).hasSize(1);
    boolean again = plinth.as(alice).call(tx -> dependencies.remove(tx, removed, blocked));
    assertThat(again).isFalse();
  }

  @Test
  void aCycleIsRefusedWithItsPath() {
    UUID one = create();
    UUID two = create();
    UUID three = create();
    add(one, two);
    add(two, three);

    assertThatThrownBy(() -> add(three, one))
        .isInstanceOfSatisfying(
            CycleException.class,
            cycle -> {
              assertThat(cycle.what()).isEqualTo("work_item");
              assertThat(cycle.path()).containsExactly(one, three, two, one);
            });
    assertThatThrownBy(() -> add(one, one))
        .isInstanceOfSatisfying(
            CycleException.class, cycle -> assertThat(cycle.path()).containsExactly(one, one));
    assertThat(edges()).hasSize(2);
  }

  @Test
  void nothingWaitsForWhatIsNotThere(Organization globex, Member carol) {
    UUID own = create();
    UUID gone = create();
    plinth.as(alice).run(tx -> items.delete(tx, gone, 1));
    UUID foreign = plinth.as(carol).call(tx -> items.create(tx, NewWorkItem.task("x"))).id();

    for (UUID other : List.of(gone, foreign, UUID.randomUUID())) {
      assertThatThrownBy(() -> add(own, other)).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> add(other, own)).isInstanceOf(NotFoundException.class);
      String sql = "SELECT plinth_tasks.add_work_item_dependency(?, ?)";
      assertThatThrownBy(() -> plinth.as(alice).run(tx -> tx.dsl().fetch(sql, other, own)))
          .isInstanceOf(NotFoundException.class);
    }
    assertThat(edges()).isEmpty();
  }

  @Test
  void ofTwoHalvesThatAreAddedAtOnceOneIsRefused() throws Exception {
    for (int round = 0; round < 10; round++) {
      UUID one = create();
      UUID other = create();
      CyclicBarrier together = new CyclicBarrier(2);

      List<Throwable> failures =
          atOnce(List.of(adding(one, other, together), adding(other, one, together)));

      assertThat(failures).singleElement().isInstanceOf(CycleException.class);
    }
  }

  @Test
  void tenThreadsThatAddEdgesAtRandomCloseNoCycle() throws Exception {
    List<UUID> all = IntStream.range(0, 15).mapToObj(i -> create()).toList();
    List<Callable<Void>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(i);
      threads.add(
          () -> {
            for (int turn = 0; turn < 30; turn++) {
              addOrGiveUp(all.get(random.nextInt(15)), all.get(random.nextInt(15)));
            }
            return null;
          });
    }

    assertThat(atOnce(threads)).isEmpty();

    assertThat(edges()).hasSizeGreaterThan(20);
    assertThat(acyclic(edges())).isTrue();
    assertThat(
            acyclic(List.of(Map.entry(all.get(0), all.get(1)), Map.entry(all.get(1), all.get(0)))))
        .isFalse();
  }

  @Test
  void aSnapshotThatMayBeTooOldIsRefused(TestDatabase database) throws Exception {
    UUID one = create();
    UUID other = create();
    try (Connection connection = database.host().getConnection()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      assertThatThrownBy(
              () -> plinth.as(alice).join(connection, tx -> dependencies.add(tx, one, other)))
          .isInstanceOf(DatabaseException.class);
      connection.rollback();
    }
    assertThat(edges()).isEmpty();
  }

  private Callable<Void> adding(UUID blocker, UUID blocked, CyclicBarrier together) {
    return () -> {
      plinth
          .as(alice)
          .run(
              tx -> {
                items.get(tx, blocker);
                together.await();
                dependencies.add(tx, blocker, blocked);
              });
      return null;
    };
  }

  private void addOrGiveUp(UUID blocker, UUID blocked) {
    try {
      add(blocker, blocked);
    } catch (CycleException e) {
      assertThat(e.path()).startsWith(blocked).endsWith(blocked).contains(blocker);
    }
  }

  private static List<Throwable> atOnce(List<Callable<Void>> threads) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads.size());
    try {
      List<Throwable> failures = new ArrayList<>();
      for (Future<Void> future : pool.invokeAll(threads)) {
        try {
          future.get();
        } catch (ExecutionException e) {
          failures.add(e.getCause());
        }
      }
      return failures;
    } finally {
      pool.shutdown();
    }
  }

  /** Takes away, again and again, what nothing waits for. */
  private static boolean acyclic(List<Map.Entry<UUID, UUID>> edges) {
    Map<UUID, Set<UUID>> waitsFor = new HashMap<>();
    for (Map.Entry<UUID, UUID> edge : edges) {
      waitsFor.computeIfAbsent(edge.getValue(), key -> new HashSet<>()).add(edge.getKey());
      waitsFor.computeIfAbsent(edge.getKey(), key -> new HashSet<>());
    }
    while (!waitsFor.isEmpty()) {
      Set<UUID> free = new HashSet<>();
      waitsFor.forEach(
          (item, blockers) ->
              blockers.stream()
                  .filter(waitsFor::containsKey)
                  .findAny()
                  .ifPresentOrElse(x -> {}, () -> free.add(item)));
      if (free.isEmpty()) {
        return false;
      }
      waitsFor.keySet().removeAll(free);
    }
    return true;
  }

  private List<Map.Entry<UUID, UUID>> edges() {
    return plinth
        .as(alice)
        .<List<Map.Entry<UUID, UUID>>, RuntimeException>read(WorkItemDependenciesTest::edges);
  }

  private static List<Map.Entry<UUID, UUID>> edges(TenantTx tx) {
    return tx.dsl()
        .fetch("SELECT blocker_id, blocked_id FROM plinth_tasks.work_item_dependencies")
        .map(WorkItemDependenciesTest::edge);
  }

  private static Map.Entry<UUID, UUID> edge(Record row) {
    return Map.entry(row.get(0, UUID.class), row.get(1, UUID.class));
  }

  private UUID create() {
    return plinth.as(alice).call(tx -> items.create(tx, NewWorkItem.task("Paint"))).id();
  }

  private boolean add(UUID blocker, UUID blocked) {
    return plinth.as(alice).call(tx -> dependencies.add(tx, blocker, blocked));
  }

  private WorkItem change(UUID id, WorkItemStatus status) {
    return plinth
        .as(alice)
        .call(tx -> items.changeStatus(tx, id, items.get(tx, id).version(), status));
  }
}
