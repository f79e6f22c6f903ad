package dev.plinth.tasks.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConstraintViolationException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.SettableClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of a work item, and what is recorded of it. */
@PlinthTest(TasksModule.class)
class WorkItemStatusTest {

  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final PageRequest PAGE = PageRequest.first(100);

  private Plinth plinth;
  private WorkItems items;
  private SettableClock clock;
  private Member alice;

  @BeforeEach
  void prepare(
      Plinth plinth, WorkItems items, SettableClock clock, Organization acme, Member alice) {
    this.plinth = plinth;
    this.items = items;
    this.clock = clock;
    this.alice = alice;
    clock.freezeAt(NOON);
  }

  @AfterEach
  void tellTheTimeAgain() {
    clock.reset();
  }

  @Test
  void javaAndTheDatabaseAllowTheSameTransitions() {
    for (WorkItemStatus from : WorkItemStatus.values()) {
      for (WorkItemStatus to : WorkItemStatus.values()) {
        WorkItem item = in(from);
        boolean passed = !refused(() -> byHand(item.id(), to));
        assertThat(passed).as(from + " to " + to).isEqualTo(from == to || from.canBecome(to));
        WorkItem again = in(from);
        assertThat(refused(() -> change(again.id(), to)))
            .as(from + " to " + to)
            .isEqualTo(!from.canBecome(to));
      }
    }
  }

  @Test
  void aTransitionThatIsRefusedWritesNothing() {
    WorkItem item = in(WorkItemStatus.TODO);

    assertThatThrownBy(() -> change(item.id(), WorkItemStatus.DONE))
        .isInstanceOfSatisfying(
            IllegalTransitionException.class,
            refused -> {
              assertThat(refused.from()).isEqualTo("todo");
              assertThat(refused.to()).isEqualTo("done");
            });
    assertThat(get(item.id())).isEqualTo(item);
    assertThat(transitions(item.id())).hasSize(1);
  }

  @Test
  void startAndCompletionAreStamped() {
    WorkItem item = in(WorkItemStatus.IN_PROGRESS);
    assertThat(item.startedAt()).contains(NOON);
    clock.advance(Duration.ofHours(1));

    WorkItem done = change(item.id(), WorkItemStatus.DONE);
    assertThat(done.completedAt()).contains(NOON.plus(Duration.ofHours(1)));
    WorkItem reopened = change(item.id(), WorkItemStatus.IN_PROGRESS);
    assertThat(reopened.completedAt()).isEmpty();
    assertThat(reopened.startedAt()).contains(NOON);
    WorkItem cancelled = change(item.id(), WorkItemStatus.CANCELLED);
    assertThat(cancelled.startedAt()).isEmpty();
  }

  @Test
  void everyChangeThatCountsIsRecordedAlsoOfHandWrittenSql() {
    UUID id = in(WorkItemStatus.TODO).id();
    plinth
        .as(alice)
        .run(
            tx ->
                items.update(
                    tx, id, 1, WorkItemChanges.none().title("Other").points(BigDecimal.TEN)));
    plinth.as(alice).run(tx -> items.update(tx, id, 2, WorkItemChanges.none().title("Third")));
    Schedule schedule = new Schedule(NOON, NOON.plusSeconds(1));
    plinth.as(alice).run(tx -> items.update(tx, id, 3, WorkItemChanges.none().schedule(schedule)));
    byHand(id, WorkItemStatus.IN_PROGRESS);
    Assignment toAlice = Assignment.to(MemberRole.TESTER, alice.userId());
    plinth.as(alice).run(tx -> items.handOver(tx, id, 5, toAlice));

    List<WorkItemTransition> all = transitions(id);

    assertThat(all)
        .extracting(WorkItemTransition::changed)
        .containsExactly(
            Set.of(TransitionField.CREATED),
            Set.of(TransitionField.POINTS),
            Set.of(TransitionField.START, TransitionField.END),
            Set.of(TransitionField.STATUS),
            Set.of(TransitionField.ROLE, TransitionField.ASSIGNEE));
    assertThat(all).allMatch(one -> one.author().equals(java.util.Optional.of(alice.userId())));
    assertThat(all).extracting(WorkItemTransition::itemVersion).containsExactly(1, 2, 4, 5, 6);
    WorkItemTransition last = all.get(4);
    assertThat(last.assignment()).isEqualTo(toAlice);
    assertThat(last.schedule()).isEqualTo(schedule);
    assertThat(last.points()).contains(new BigDecimal("10.00"));
    assertThat(all.get(3).assignment()).isEqualTo(Assignment.toNobody());
  }

  @Test
  void theTimeOfTransitionsNeverGoesBack() {
    UUID id = in(WorkItemStatus.IN_PROGRESS).id();
    clock.freezeAt(NOON.minusSeconds(60));

    WorkItem done = change(id, WorkItemStatus.DONE);

    assertThat(done.completedAt()).contains(NOON);
    assertThat(transitions(id)).allMatch(one -> one.at().equals(NOON));
  }

  @Test
  void anEndIsAfterItsStart() {
    assertThatThrownBy(() -> new Schedule(NOON, NOON)).isInstanceOf(InvalidValueException.class);
    UUID id = in(WorkItemStatus.TODO).id();
    String sql =
        "UPDATE plinth_tasks.work_items SET start_at = now(), end_at = now() - interval '1 day' WHERE id = ?";

    assertThatThrownBy(() -> plinth.as(alice).run(tx -> tx.dsl().execute(sql, id)))
        .isInstanceOfSatisfying(
            ConstraintViolationException.class,
            broken -> assertThat(broken.constraint()).isEqualTo("work_items_end_after_start_ck"));
  }

  @Test
  void anUpdateNamesTheVersionThatItSaw() {
    UUID id = in(WorkItemStatus.TODO).id();
    plinth.as(alice).run(tx -> items.update(tx, id, 1, WorkItemChanges.none().title("Other")));

    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(tx -> items.update(tx, id, 1, WorkItemChanges.none().title("Lost"))))
        .isInstanceOf(StaleVersionException.class);
    assertThatThrownBy(
            () -> plinth.as(alice).run(tx -> items.handOver(tx, id, 1, Assignment.toNobody())))
        .isInstanceOf(StaleVersionException.class);
    assertThatThrownBy(() -> plinth.as(alice).run(tx -> items.delete(tx, id, 1)))
        .isInstanceOf(StaleVersionException.class);
    assertThat(get(id).title()).isEqualTo("Other");
  }

  @Test
  void whoIsNoMemberGetsNothingToDo(Organization globex, Member carol) {
    UUID id = in(WorkItemStatus.TODO).id();

    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(tx -> items.handOver(tx, id, 1, Assignment.to(carol.userId()))))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx ->
                            items.create(
                                tx, NewWorkItem.task("x").assigned(Assignment.to(carol.userId())))))
        .isInstanceOf(NotFoundException.class);
    assertThat(get(id).version()).isEqualTo(1);
  }

  @Test
  void aViewerWritesNothingAndIsToldSo(Organization acme, @Role(MemberRole.VIEWER) Member vera) {
    UUID id = in(WorkItemStatus.TODO).id();

    assertThatThrownBy(() -> plinth.as(vera).run(tx -> items.create(tx, NewWorkItem.task("Mine"))))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(vera)
                    .run(tx -> items.changeStatus(tx, id, 1, WorkItemStatus.IN_PROGRESS)))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void pointsAreWithinBounds() {
    NewWorkItem item = NewWorkItem.task("Paint");
    assertThatThrownBy(() -> item.points(-1)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> item.points(new BigDecimal("0.125")))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> WorkItemChanges.none().points(new BigDecimal("1e9")))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(tx -> items.update(tx, UUID.randomUUID(), 1, WorkItemChanges.none())))
        .isInstanceOf(InvalidValueException.class);
  }

  private WorkItem in(WorkItemStatus status) {
    UUID id = plinth.as(alice).call(tx -> items.create(tx, NewWorkItem.task("Paint"))).id();
    if (status == WorkItemStatus.IN_PROGRESS || status == WorkItemStatus.DONE) {
      change(id, WorkItemStatus.IN_PROGRESS);
    }
    if (status == WorkItemStatus.DONE || status == WorkItemStatus.CANCELLED) {
      change(id, status);
    }
    return get(id);
  }

  private WorkItem change(UUID id, WorkItemStatus status) {
    return plinth
        .as(alice)
        .call(tx -> items.changeStatus(tx, id, items.get(tx, id).version(), status));
  }

  private void byHand(UUID id, WorkItemStatus status) {
    String sql = "UPDATE plinth_tasks.work_items SET status = ? WHERE id = ?";
    plinth.as(alice).run(tx -> tx.dsl().execute(sql, status.name().toLowerCase(Locale.ROOT), id));
  }

  private static boolean refused(Runnable transition) {
    try {
      transition.run();
      return false;
    } catch (IllegalTransitionException e) {
      return true;
    }
  }

  private WorkItem get(UUID id) {
    return plinth.as(alice).read(tx -> items.get(tx, id));
  }

  private List<WorkItemTransition> transitions(UUID id) {
    return plinth.as(alice).read(tx -> items.transitions(tx, id, PAGE)).items();
  }
}
