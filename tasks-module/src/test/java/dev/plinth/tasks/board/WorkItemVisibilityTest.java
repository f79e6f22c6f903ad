package dev.plinth.tasks.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConstraintViolationException;
import dev.plinth.base.error.CycleException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who sees what; and that the others learn nothing of it, by no way. */
@PlinthTest(TasksModule.class)
class WorkItemVisibilityTest {

  private static final PageRequest PAGE = PageRequest.first(100);
  private static final List<String> TABLES =
      List.of("work_items", "work_item_transitions", "work_item_parents", "work_item_dependencies");

  private Plinth plinth;
  private WorkItems items;
  private WorkItemDependencies dependencies;
  private Member alice;
  private Member bob;
  private Member dora;

  @BeforeEach
  void prepare(
      Plinth plinth,
      WorkItems items,
      WorkItemDependencies dependencies,
      Organization acme,
      Member alice,
      Member bob,
      @Role(MemberRole.DESIGNER) Member dora) {
    this.plinth = plinth;
    this.items = items;
    this.dependencies = dependencies;
    this.alice = alice;
    this.bob = bob;
    this.dora = dora;
  }

  @Test
  void roleAssigneeCreatorAndManagersSeeAnItemAndNobodyElse(
      Organization acme,
      @Role(MemberRole.PROJECT_MANAGER) Member pia,
      @Role(MemberRole.TESTER) Member tom) {
    Member carl = dora;
    WorkItem item =
        create(bob, NewWorkItem.task("Paint").assigned(Assignment.to(MemberRole.TESTER)));

    assertThat(List.of(alice, pia, bob, tom)).allMatch(member -> sees(member, item.id()));
    assertThat(sees(carl, item.id())).isFalse();
    WorkItem asService =
        plinth.asService(alice.organizationId(), "bot").call(tx -> items.get(tx, item.id()));
    assertThat(asService.id()).isEqualTo(item.id());

    plinth.as(tom).run(tx -> items.handOver(tx, item.id(), 1, Assignment.to(carl.userId())));
    assertThat(List.of(alice, pia, bob, carl)).allMatch(member -> sees(member, item.id()));
    assertThat(sees(tom, item.id())).isFalse();
  }

  @Test
  void whatIsForNobodyInParticularIsSeenByAll(
      Organization acme, @Role(MemberRole.VIEWER) Member vera) {
    WorkItem item = create(alice, NewWorkItem.task("Paint"));

    assertThat(List.of(alice, bob, dora, vera)).allMatch(member -> sees(member, item.id()));
  }

  @Test
  void whoHandsOverNeedNotSeeItAfterwards() {
    WorkItem item = create(alice, NewWorkItem.task("Paint").assigned(Assignment.to(bob.userId())));

    WorkItem given =
        plinth
            .as(bob)
            .call(tx -> items.handOver(tx, item.id(), 1, Assignment.to(MemberRole.DESIGNER)));

    assertThat(given.assignment()).isEqualTo(Assignment.to(MemberRole.DESIGNER));
    assertThat(given.version()).isEqualTo(2);
    assertThat(sees(bob, item.id())).isFalse();
    assertThat(sees(dora, item.id())).isTrue();
    assertThatThrownBy(
            () ->
                plinth
                    .as(bob)
                    .run(tx -> items.handOver(tx, item.id(), 2, Assignment.to(bob.userId()))))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void whoDoesNotSeeAnItemTakesItNotByHandEither() {
    WorkItem item = hidden("Paint");
    String sql = "SELECT * FROM plinth_tasks.hand_over_work_item(?, 1, NULL, ?)";

    Integer taken = plinth.as(bob).call(tx -> tx.dsl().fetch(sql, item.id(), bob.userId()).size());
    assertThat(taken).isZero();
    assertThatThrownBy(
            () ->
                plinth
                    .as(bob)
                    .run(
                        tx ->
                            tx.dsl()
                                .execute(
                                    "UPDATE plinth_tasks.work_items SET assignee_id = ?",
                                    bob.userId())))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(sees(bob, item.id())).isFalse();
  }

  @Test
  void whatIsHiddenIsAsIfItWereNot() {
    WorkItem secret = hidden("Secret");
    UUID nothing = UUID.randomUUID();

    for (UUID id : List.of(secret.id(), nothing)) {
      assertThatThrownBy(() -> plinth.as(bob).run(tx -> items.get(tx, id)))
          .isInstanceOf(NotFoundException.class)
          .hasMessageNotContaining("Secret");
      assertThatThrownBy(() -> plinth.as(bob).run(tx -> items.transitions(tx, id, PAGE)))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> plinth.as(bob).run(tx -> items.delete(tx, id, 1)))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(
              () -> plinth.as(bob).run(tx -> items.create(tx, NewWorkItem.task("x").partOf(id))))
          .isInstanceOf(NotFoundException.class);
    }
    assertThat(visibleRows(bob)).containsOnly(0);
  }

  @Test
  void aHiddenParentIsNone() {
    WorkItem epic = hidden("Epic", NewWorkItem.epic("Epic"));
    WorkItem story = create(alice, NewWorkItem.story("Story").partOf(epic.id()));
    WorkItem other = create(bob, NewWorkItem.epic("Other"));

    assertThat(story.parent()).contains(epic.id());
    assertThat(get(bob, story.id()).parent()).isEmpty();
    assertThat(get(dora, story.id()).parent()).contains(epic.id());
    assertThat(visibleRows(bob).get(2)).isZero();

    WorkItem placed = plinth.as(bob).call(tx -> items.place(tx, story.id(), other.id()));
    assertThat(placed.parent()).contains(other.id());
    assertThat(get(alice, story.id()).parent()).contains(other.id());
  }

  @Test
  void hiddenPartsDoNotHoldUpTheDeletionOfTheirWhole() {
    WorkItem epic = create(bob, NewWorkItem.epic("Epic"));
    WorkItem part = hidden("Part", NewWorkItem.story("Part").partOf(epic.id()));

    plinth.as(bob).run(tx -> items.delete(tx, epic.id(), 1));

    assertThat(get(alice, part.id()).parent()).isEmpty();
  }

  @Test
  void aHiddenBlockerHoldsUpWhoSeesItAndNobodyElse() {
    WorkItem blocker = hidden("Blocker");
    WorkItem item = create(alice, NewWorkItem.task("Paint"));
    plinth.as(alice).run(tx -> dependencies.add(tx, blocker.id(), item.id()));

    List<WorkItem> blockers =
        plinth.as(bob).call(tx -> dependencies.blockersOf(tx, item.id(), PAGE)).items();
    assertThat(blockers).isEmpty();
    assertThat(visibleRows(bob).get(3)).isZero();
    assertThatThrownBy(() -> start(alice, item)).hasMessageContaining("while blockers are open");
    assertThat(start(bob, item).status()).isEqualTo(WorkItemStatus.IN_PROGRESS);
  }

  @Test
  void aCycleOverHiddenItemsIsRefusedWithoutNamingThem() {
    WorkItem one = create(alice, NewWorkItem.task("One"));
    WorkItem other = create(alice, NewWorkItem.task("Other"));
    WorkItem secret = hidden("Secret");
    plinth.as(alice).run(tx -> dependencies.add(tx, one.id(), secret.id()));
    plinth.as(alice).run(tx -> dependencies.add(tx, secret.id(), other.id()));

    assertThatThrownBy(() -> plinth.as(bob).run(tx -> dependencies.add(tx, other.id(), one.id())))
        .isInstanceOfSatisfying(
            CycleException.class,
            cycle -> assertThat(cycle.path()).containsExactly(one.id(), other.id(), one.id()));
    assertThatThrownBy(() -> plinth.as(dora).run(tx -> dependencies.add(tx, other.id(), one.id())))
        .isInstanceOfSatisfying(
            CycleException.class,
            cycle ->
                assertThat(cycle.path())
                    .containsExactly(one.id(), other.id(), secret.id(), one.id()));
  }

  @Test
  void whatBelongsToAnItemFollowsItsAudience() {
    WorkItem epic = create(alice, NewWorkItem.epic("Epic"));
    WorkItem item = create(alice, NewWorkItem.story("Paint").partOf(epic.id()));
    WorkItem blocker = create(alice, NewWorkItem.task("Buy"));
    plinth.as(alice).run(tx -> dependencies.add(tx, blocker.id(), item.id()));
    assertThat(visibleRows(bob)).containsExactly(3, 3, 1, 1);

    plinth
        .as(alice)
        .run(tx -> items.handOver(tx, item.id(), 1, Assignment.to(MemberRole.DESIGNER)));
    assertThat(visibleRows(bob)).containsExactly(2, 2, 0, 0);
    assertThat(visibleRows(dora)).containsExactly(3, 4, 1, 1);

    plinth.as(dora).run(tx -> items.handOver(tx, item.id(), 2, Assignment.toNobody()));
    assertThat(visibleRows(bob)).containsExactly(3, 5, 1, 1);
  }

  @Test
  void viewersOnlyLook(Organization acme, @Role(MemberRole.VIEWER) Member vera) {
    WorkItem item = create(alice, NewWorkItem.task("Paint"));

    assertThatThrownBy(
            () ->
                plinth
                    .as(vera)
                    .run(tx -> items.handOver(tx, item.id(), 1, Assignment.to(vera.userId()))))
        .isInstanceOf(AccessDeniedException.class);
    for (String sql :
        List.of(
            "SELECT plinth_tasks.hand_over_work_item('%s', 1, 'viewer', NULL)",
            "SELECT plinth_tasks.place_work_item('%s', NULL)",
            "SELECT plinth_tasks.add_work_item_dependency('%1$s', '%1$s')",
            "SELECT plinth_tasks.mark_delayed_work_items(10)")) {
      assertThatThrownBy(() -> plinth.as(vera).run(tx -> tx.dsl().fetch(sql.formatted(item.id()))))
          .as(sql)
          .isInstanceOf(AccessDeniedException.class);
    }
  }

  @Test
  void onlyItsCreatorAndManagersDeleteAnItem() {
    WorkItem item = create(dora, NewWorkItem.task("Paint"));

    assertThatThrownBy(() -> plinth.as(bob).run(tx -> items.delete(tx, item.id(), 1)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(bob)
                    .run(
                        tx ->
                            tx.dsl()
                                .execute("UPDATE plinth_tasks.work_items SET deleted_at = now()")))
        .isInstanceOf(AccessDeniedException.class);

    plinth.as(dora).run(tx -> items.delete(tx, item.id(), 1));
    assertThat(sees(alice, item.id())).isFalse();
  }

  @Test
  void nobodyButTheSystemReadsWhatIsDelayed() {
    hidden("Late");

    assertThatThrownBy(
            () ->
                plinth
                    .as(bob)
                    .run(tx -> tx.dsl().fetch("SELECT plinth_tasks.mark_delayed_work_items(10)")))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void nobodyWritesTheRecordOrNamesAnotherCreator() {
    WorkItem item = create(alice, NewWorkItem.task("Paint"));
    for (String sql :
        List.of(
            "UPDATE plinth_tasks.work_item_transitions SET points = 1",
            "DELETE FROM plinth_tasks.work_item_transitions",
            "UPDATE plinth_tasks.work_items SET completed_at = now()",
            "UPDATE plinth_tasks.work_items SET delayed_at = now()",
            "UPDATE plinth_tasks.work_items SET creator_id = '%s'".formatted(bob.userId()),
            "UPDATE plinth_tasks.work_items SET kind = 'epic'",
            "DELETE FROM plinth_tasks.work_items",
            "UPDATE plinth_tasks.work_item_dependencies SET blocker_audience = '{everybody}'")) {
      assertThatThrownBy(() -> plinth.as(alice).run(tx -> tx.dsl().execute(sql)))
          .as(sql)
          .isInstanceOf(AccessDeniedException.class);
    }
    assertThat(get(alice, item.id())).isEqualTo(item);
  }

  @Test
  void levelsGoDown() {
    WorkItem story = create(alice, NewWorkItem.story("Story"));
    WorkItem task = create(alice, NewWorkItem.task("Task"));

    assertThatThrownBy(() -> plinth.as(alice).run(tx -> items.place(tx, story.id(), task.id())))
        .isInstanceOf(ConstraintViolationException.class);
    assertThatThrownBy(() -> plinth.as(alice).run(tx -> items.place(tx, task.id(), task.id())))
        .isInstanceOf(ConstraintViolationException.class);
    WorkItem placed = plinth.as(alice).call(tx -> items.place(tx, task.id(), story.id()));
    List<WorkItem> parts =
        plinth.as(alice).call(tx -> items.children(tx, story.id(), PAGE)).items();
    assertThat(parts).containsExactly(placed);
  }

  private WorkItem start(Member member, WorkItem item) {
    return plinth
        .as(member)
        .call(tx -> items.changeStatus(tx, item.id(), 1, WorkItemStatus.IN_PROGRESS));
  }

  /** For designers, made by alice: hidden from bob. */
  private WorkItem hidden(String title) {
    return hidden(title, NewWorkItem.task(title));
  }

  private WorkItem hidden(String title, NewWorkItem item) {
    assertThat(item.title()).isEqualTo(title);
    return create(alice, item.assigned(Assignment.to(MemberRole.DESIGNER)));
  }

  private WorkItem create(Member member, NewWorkItem item) {
    return plinth.as(member).call(tx -> items.create(tx, item));
  }

  private WorkItem get(Member member, UUID id) {
    return plinth.as(member).read(tx -> items.get(tx, id));
  }

  private boolean sees(Member member, UUID id) {
    List<WorkItem> seen =
        plinth.as(member).read(tx -> items.list(tx, WorkItemFilter.all(), PAGE)).items();
    boolean listed = seen.stream().anyMatch(item -> item.id().equals(id));
    assertThat(visible(member, id)).isEqualTo(listed);
    return listed;
  }

  private boolean visible(Member member, UUID id) {
    try {
      return get(member, id).id().equals(id);
    } catch (NotFoundException e) {
      return false;
    }
  }

  private List<Integer> visibleRows(Member member) {
    return plinth
        .as(member)
        .call(
            tx ->
                TABLES.stream()
                    .map(table -> tx.dsl().fetchCount(tx.dsl().selectFrom("plinth_tasks." + table)))
                    .toList());
  }
}
