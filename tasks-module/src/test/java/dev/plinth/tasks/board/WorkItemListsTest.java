package dev.plinth.tasks.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The order on the board, and what of it is shown. */
@PlinthTest(TasksModule.class)
class WorkItemListsTest {

  private Plinth plinth;
  private WorkItems items;
  private Member alice;

  @BeforeEach
  void prepare(Plinth plinth, WorkItems items, Organization acme, Member alice) {
    this.plinth = plinth;
    this.items = items;
    this.alice = alice;
  }

  @Test
  void everyItemComesOnceInTheOrderOfTheBoard() {
    List<UUID> made = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      made.add(create(NewWorkItem.task("Task")));
    }

    List<UUID> seen = new ArrayList<>();
    PageRequest request = PageRequest.first(3);
    Page<WorkItem> page = list(WorkItemFilter.all(), request);
    page.items().forEach(item -> seen.add(item.id()));
    while (page.next().isPresent()) {
      page = list(WorkItemFilter.all(), PageRequest.after(page.next().get(), 3));
      page.items().forEach(item -> seen.add(item.id()));
    }

    assertThat(seen).isEqualTo(made);
    String cursor = list(WorkItemFilter.all(), request).next().orElseThrow();
    WorkItemFilter other = WorkItemFilter.all().status(WorkItemStatus.TODO);
    assertThatThrownBy(() -> list(other, PageRequest.after(cursor, 3)))
        .isInstanceOf(InvalidCursorException.class);
  }

  @Test
  void aFilterNarrows(Organization acme, Member bob) {
    UUID project = UUID.randomUUID();
    UUID epic = create(NewWorkItem.epic("Epic"));
    UUID story = create(NewWorkItem.story("Story").partOf(epic).project(project));
    UUID bobs = create(NewWorkItem.task("Bob's").assigned(Assignment.to(bob.userId())));
    UUID testers = create(NewWorkItem.task("Tests").assigned(Assignment.to(MemberRole.TESTER)));

    WorkItemFilter all = WorkItemFilter.all();
    assertThat(ids(all)).containsExactly(epic, story, bobs, testers);
    assertThat(ids(all.project(project))).containsExactly(story);
    assertThat(ids(all.partsOf(epic))).containsExactly(story);
    assertThat(ids(all.kind(WorkItemKind.TASK))).containsExactly(bobs, testers);
    assertThat(ids(all.assignedTo(bob.userId()))).containsExactly(bobs);
    assertThat(ids(all.assignedTo(MemberRole.TESTER))).containsExactly(testers);
    assertThat(ids(all.status(WorkItemStatus.DONE))).isEmpty();
  }

  @Test
  void anItemIsMovedBehindAnotherOrToTheFrontHoweverOften() {
    List<UUID> order = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      order.add(create(NewWorkItem.task("Task")));
    }
    Random random = new Random(1);
    for (int turn = 0; turn < 60; turn++) {
      UUID moved = order.remove(random.nextInt(order.size()));
      int place = random.nextInt(order.size() + 1);
      move(moved, place == 0 ? null : order.get(place - 1));
      order.add(place, moved);
    }
    assertThat(ids(WorkItemFilter.all())).isEqualTo(order);

    for (int turn = 0; turn < 200; turn++) {
      move(order.get(turn % 2 == 0 ? 7 : 6), order.get(0));
    }
    UUID last = order.remove(6);
    order.add(1, last);
    UUID other = order.remove(7);
    order.add(2, other);
    assertThat(ids(WorkItemFilter.all())).isEqualTo(order);
    List<WorkItem> all = list(WorkItemFilter.all(), PageRequest.first(10)).items();
    assertThat(all).allMatch(item -> item.rank().precision() < 120);
  }

  private void move(UUID id, @org.jspecify.annotations.Nullable UUID after) {
    plinth.as(alice).run(tx -> items.move(tx, id, items.get(tx, id).version(), after));
  }

  private UUID create(NewWorkItem item) {
    return plinth.as(alice).call(tx -> items.create(tx, item)).id();
  }

  private List<UUID> ids(WorkItemFilter filter) {
    return list(filter, PageRequest.first(100)).items().stream().map(WorkItem::id).toList();
  }

  private Page<WorkItem> list(WorkItemFilter filter, PageRequest request) {
    return plinth.as(alice).read(tx -> items.list(tx, filter, request));
  }
}
