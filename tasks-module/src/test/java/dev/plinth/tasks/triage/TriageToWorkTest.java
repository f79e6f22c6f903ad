package dev.plinth.tasks.triage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.notification.Notification;
import dev.plinth.base.notification.Notifications;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.Listening;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.board.Assignment;
import dev.plinth.tasks.board.WorkItem;
import dev.plinth.tasks.board.WorkItemFilter;
import dev.plinth.tasks.board.WorkItems;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes a work item does so once, together with it or not at all. */
@PlinthTest(TasksModule.class)
class TriageToWorkTest {

  private static final PageRequest PAGE = PageRequest.first(100);

  private Plinth plinth;
  private TriageItems items;
  private WorkItems workItems;
  private Notifications notifications;
  private Member alice;
  private Member bob;
  private Member carol;
  private TriageItem crash;

  @BeforeEach
  void prepare(
      Plinth plinth,
      TriageItems items,
      WorkItems workItems,
      Notifications notifications,
      Organization acme,
      Member alice,
      Member bob,
      @Role(MemberRole.TESTER) Member carol) {
    this.plinth = plinth;
    this.items = items;
    this.workItems = workItems;
    this.notifications = notifications;
    this.alice = alice;
    this.bob = bob;
    this.carol = carol;
    NewTriageItem reported =
        NewTriageItem.titled("The editor crashes")
            .description("On Fridays")
            .priority(Priority.CRITICAL);
    this.crash = plinth.as(bob).call(tx -> items.report(tx, reported));
  }

  @Test
  void itIsResolvedAndNamesTheWorkItem() {
    TriageItem resolved = become(alice, crash);
    UUID id = resolved.workItem().orElseThrow();

    WorkItem work = plinth.as(bob).read(tx -> workItems.get(tx, id));

    assertThat(resolved.status()).isEqualTo(TriageStatus.RESOLVED);
    assertThat(resolved.resolution()).contains(TriageItems.BECAME_WORK_ITEM);
    assertThat(work.title()).isEqualTo(crash.title());
    assertThat(work.description()).isEqualTo(crash.description());
    assertThat(work.priority()).isEqualTo(Priority.CRITICAL);
  }

  @Test
  void onceOnlyAlsoWhenReopened() {
    TriageItem resolved = become(alice, crash);
    assertThatThrownBy(() -> become(alice, resolved)).isInstanceOf(ConflictException.class);

    TriageItem reopened =
        plinth
            .as(alice)
            .call(
                tx ->
                    items.changeStatus(
                        tx, resolved.id(), resolved.version(), TriageStatus.PENDING));

    assertThat(reopened.workItem()).isEqualTo(resolved.workItem());
    assertThatThrownBy(() -> become(alice, reopened))
        .isInstanceOfSatisfying(
            ConflictException.class, e -> assertThat(e.what()).isEqualTo("work_item"));
    assertThat(allWork()).hasSize(1);
  }

  /** The second goes on with its transaction: nothing of the attempt is in it. */
  @Test
  void ofTwoAtOnceTheSecondWaitsForTheFirstAndLeavesNothing(TestDatabase database)
      throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(2);
    CountDownLatch made = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(1);
    try {
      Future<TriageItem> first = executor.submit(() -> becomeAndHold(made, waiting));
      made.await();
      Future<String> second = executor.submit(this::attempt);
      Eventually.is("the second waits", () -> somebodyWaits(database));
      waiting.countDown();

      assertThat(first.get().workItem()).isPresent();
      assertThat(second.get()).isEqualTo("work_item is taken");
      assertThat(allWork()).hasSize(1);
    } finally {
      executor.shutdownNow();
    }
  }

  private TriageItem becomeAndHold(CountDownLatch made, CountDownLatch waiting) throws Exception {
    return plinth
        .as(alice)
        .call(
            tx -> {
              TriageItem resolved = items.become(tx, crash.id(), 1, crash.asTask());
              made.countDown();
              waiting.await();
              return resolved;
            });
  }

  private String attempt() {
    return plinth
        .as(alice)
        .call(
            tx -> {
              try {
                items.become(tx, crash.id(), 1, crash.asTask());
                return "it became another";
              } catch (ConflictException e) {
                return e.what() + " is taken";
              }
            });
  }

  private static boolean somebodyWaits(TestDatabase database) {
    String sql =
        "SELECT count(*) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND wait_event_type = 'Lock'";
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1) > 0;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatCannotBeLeavesNoWorkItem() {
    TriageItem rejected =
        plinth.as(alice).call(tx -> items.changeStatus(tx, crash.id(), 1, TriageStatus.REJECTED));

    assertThatThrownBy(() -> become(alice, rejected))
        .isInstanceOf(IllegalTransitionException.class);
    assertThatThrownBy(() -> become(alice, crash)).isInstanceOf(StaleVersionException.class);
    assertThat(allWork()).isEmpty();
  }

  @Test
  void itMayBecomeWhatItsReporterDoesNotSee() {
    TriageItem resolved =
        plinth
            .as(alice)
            .call(
                tx ->
                    items.become(
                        tx,
                        crash.id(),
                        1,
                        crash.asTask().assigned(Assignment.to(MemberRole.TESTER, carol.userId()))));
    UUID work = resolved.workItem().orElseThrow();

    TriageItem seen = plinth.as(bob).read(tx -> items.get(tx, crash.id()));

    assertThat(seen).isEqualTo(resolved);
    assertThatThrownBy(() -> plinth.as(bob).read(tx -> workItems.get(tx, work)))
        .isInstanceOf(NotFoundException.class);
    assertThat(told(bob)).containsExactly("triage_item.resolved");
    assertThat(told(carol)).containsExactly("work_item.assigned");
  }

  /** By hand: one that is hidden, one that is not there, and another one than the first. */
  @Test
  void byHandTooItNamesOneWorkItemThatIsSeen() {
    TriageItem other =
        plinth.as(bob).call(tx -> items.report(tx, NewTriageItem.titled("The editor hangs")));
    UUID hidden =
        plinth
            .as(alice)
            .call(
                tx ->
                    workItems.create(tx, crash.asTask().assigned(Assignment.to(MemberRole.TESTER))))
            .id();
    TriageItem resolved = become(alice, crash);
    UUID seen = plinth.as(bob).call(tx -> workItems.create(tx, crash.asTask())).id();
    String sql = "UPDATE plinth_tasks.triage_items SET work_item_id = ? WHERE id = ?";

    for (UUID wrong : List.of(hidden, UUID.randomUUID())) {
      assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().execute(sql, wrong, other.id())))
          .isInstanceOf(NotFoundException.class);
    }
    for (UUID id : List.of(seen, resolved.workItem().orElseThrow())) {
      UUID item = id.equals(seen) ? resolved.id() : other.id();
      assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().execute(sql, id, item)))
          .isInstanceOf(ConflictException.class);
    }
  }

  @Test
  void modulesHearOfIt(TestDatabase database) {
    Listening listening = new Listening();
    Plinth heard =
        Plinth.builder().dataSource(database.host()).modules(new TasksModule(), listening).build();

    TriageItem resolved =
        heard.as(alice).call(tx -> items.become(tx, crash.id(), 1, crash.asTask()));

    UUID organization = alice.organizationId();
    assertThat(listening.heard())
        .contains(
            new TriageItemStatusChanged(
                organization, crash.id(), TriageStatus.PENDING, TriageStatus.RESOLVED),
            new TriageItemBecameWorkItem(
                organization, crash.id(), resolved.workItem().orElseThrow()));
  }

  private TriageItem become(Member who, TriageItem item) {
    return plinth.as(who).call(tx -> items.become(tx, item.id(), item.version(), item.asTask()));
  }

  private List<WorkItem> allWork() {
    return plinth.as(alice).read(tx -> workItems.list(tx, WorkItemFilter.all(), PAGE)).items();
  }

  private List<String> told(Member who) {
    return plinth.as(who).read(tx -> notifications.list(tx, PAGE)).items().stream()
        .map(Notification::type)
        .toList();
  }
}
