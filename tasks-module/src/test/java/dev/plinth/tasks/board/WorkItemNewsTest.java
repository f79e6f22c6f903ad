package dev.plinth.tasks.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.notification.Notification;
import dev.plinth.base.notification.Notifications;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.Listening;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is told what, and what the other modules hear. */
@PlinthTest(TasksModule.class)
class WorkItemNewsTest {

  private static final PageRequest PAGE = PageRequest.first(100);

  private Plinth plinth;
  private WorkItems items;
  private Notifications notifications;
  private Member alice;
  private Member bob;
  private Member dave;

  @BeforeEach
  void prepare(
      Plinth plinth,
      WorkItems items,
      Notifications notifications,
      Organization acme,
      Member alice,
      Member bob,
      Member dave) {
    this.plinth = plinth;
    this.items = items;
    this.notifications = notifications;
    this.alice = alice;
    this.bob = bob;
    this.dave = dave;
  }

  @Test
  void whoIsToDoItIsToldOnceForEachAssignment() {
    UUID id = create(NewWorkItem.task("Paint").assigned(Assignment.to(bob.userId())));
    assertThat(told(bob)).containsExactly("work_item.assigned");

    Assignment still = Assignment.to(MemberRole.DEVELOPER, bob.userId());
    plinth.as(alice).run(tx -> items.handOver(tx, id, 1, still));
    assertThat(told(bob)).hasSize(1);
    plinth.as(bob).run(tx -> items.handOver(tx, id, 2, Assignment.to(dave.userId())));
    assertThat(told(dave)).containsExactly("work_item.assigned");
    plinth.as(dave).run(tx -> items.handOver(tx, id, 3, Assignment.to(bob.userId())));
    assertThat(told(bob)).hasSize(2);
    plinth.as(alice).run(tx -> items.handOver(tx, id, 4, Assignment.to(alice.userId())));
    assertThat(told(alice)).isEmpty();
  }

  @Test
  void creatorAndAssigneeAreToldThatItIsDoneAndWhoDidItIsNot() {
    UUID id =
        create(
            NewWorkItem.task("Paint").assigned(Assignment.to(MemberRole.DEVELOPER, bob.userId())));

    finish(dave, id);

    assertThat(told(alice)).containsExactly("work_item.completed");
    assertThat(told(bob)).containsExactly("work_item.completed", "work_item.assigned");
    assertThat(told(dave)).isEmpty();
  }

  @Test
  void whatIsRolledBackWasNotTold() {
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          items.create(
                              tx, NewWorkItem.task("Paint").assigned(Assignment.to(bob.userId())));
                          throw new IllegalStateException("host fails");
                        }))
        .hasMessage("host fails");

    assertThat(told(bob)).isEmpty();
  }

  @Test
  void modulesHearOfEverything(TestDatabase database, WorkItemDependencies dependencies) {
    Listening listening = new Listening();
    plinth =
        Plinth.builder().dataSource(database.host()).modules(new TasksModule(), listening).build();
    UUID id = create(NewWorkItem.task("Paint"));
    UUID other = create(NewWorkItem.task("Buy"));
    UUID acme = alice.organizationId();
    plinth.as(alice).run(tx -> dependencies.add(tx, id, other));
    plinth.as(alice).run(tx -> dependencies.remove(tx, id, other));
    plinth.as(alice).run(tx -> items.update(tx, id, 1, WorkItemChanges.none().title("Other")));
    plinth.as(alice).run(tx -> items.changeStatus(tx, id, 2, WorkItemStatus.IN_PROGRESS));
    Assignment to = Assignment.to(MemberRole.TESTER);
    plinth.as(alice).run(tx -> items.handOver(tx, id, 3, to));
    plinth.as(alice).run(tx -> items.delete(tx, id, 4));

    assertThat(listening.heard())
        .containsSubsequence(
            new WorkItemCreated(acme, id),
            new WorkItemCreated(acme, other),
            new WorkItemDependencyAdded(acme, id, other),
            new WorkItemDependencyRemoved(acme, id, other),
            new WorkItemChanged(acme, id),
            new WorkItemStatusChanged(acme, id, WorkItemStatus.TODO, WorkItemStatus.IN_PROGRESS),
            new WorkItemHandedOver(acme, id, Assignment.toNobody(), to),
            new WorkItemDeleted(acme, id));
  }

  private UUID create(NewWorkItem item) {
    return plinth.as(alice).call(tx -> items.create(tx, item)).id();
  }

  private void finish(Member member, UUID id) {
    for (WorkItemStatus status : List.of(WorkItemStatus.IN_PROGRESS, WorkItemStatus.DONE)) {
      plinth.as(member).run(tx -> items.changeStatus(tx, id, items.get(tx, id).version(), status));
    }
  }

  private List<String> told(Member member) {
    return plinth.as(member).read(tx -> notifications.list(tx, PAGE)).items().stream()
        .map(Notification::type)
        .toList();
  }
}
