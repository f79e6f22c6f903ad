package dev.plinth.tasks.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.job.JobFailedException;
import dev.plinth.base.module.PlinthModule;
import dev.plinth.base.notification.Notification;
import dev.plinth.base.notification.Notifications;
import dev.plinth.base.notification.Subject;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Members;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.organization.OrganizationStatus;
import dev.plinth.base.organization.Organizations;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.Subscription;
import dev.plinth.tasks.Listening;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is late: at once where it is read, and found by the job where nobody looks. */
@PlinthTest(TasksModule.class)
class WorkItemDelaysTest {

  private static final String JOB = "tasks.work-item-delays";
  private static final PageRequest PAGE = PageRequest.first(1000);
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  private Plinth plinth;
  private WorkItems items;
  private Notifications notifications;
  private SettableClock clock;
  private Member alice;
  private Member bob;

  @BeforeEach
  void prepare(
      Plinth plinth,
      WorkItems items,
      Notifications notifications,
      SettableClock clock,
      Organization acme,
      Member alice,
      Member bob) {
    this.plinth = plinth;
    this.items = items;
    this.notifications = notifications;
    this.clock = clock;
    this.alice = alice;
    this.bob = bob;
    clock.freezeAt(NOON);
  }

  @AfterEach
  void tellTheTimeAgain() {
    clock.reset();
  }

  @Test
  void anItemIsDelayedAtOnceWithoutAnyJob() {
    UUID id = ending(NOON.plusSeconds(1), bob);
    assertThat(get(id).delayed()).isFalse();

    clock.advance(Duration.ofSeconds(2));

    assertThat(get(id).delayed()).isTrue();
    assertThat(get(id).delayedAt()).isEmpty();
    assertThat(listedDelayed()).containsExactly(id);
    String sql = "SELECT plinth_tasks.is_delayed(w) FROM plinth_tasks.work_items w WHERE w.id = ?";
    boolean seen = plinth.as(alice).call(tx -> tx.dsl().fetchSingle(sql, id).get(0, Boolean.class));
    assertThat(seen).isTrue();
    finish(id);
    assertThat(get(id).delayed()).isFalse();
    assertThat(listedDelayed()).isEmpty();
  }

  @Test
  void theJobNotesADelayAndTellsTheAssigneeOnce(TestDatabase database) {
    Listening listening = new Listening();
    plinth =
        Plinth.builder()
            .dataSource(database.host())
            .modules(new TasksModule(), listening)
            .clock(clock)
            .build();
    UUID late = ending(NOON.plusSeconds(1), bob);
    UUID done = ending(NOON.plusSeconds(1), bob);
    UUID cancelled = ending(NOON.plusSeconds(1), bob);
    UUID deleted = ending(NOON.plusSeconds(1), bob);
    ending(NOON.plusSeconds(60), bob);
    finish(done);
    change(cancelled, WorkItemStatus.CANCELLED);
    plinth.as(alice).run(tx -> items.delete(tx, deleted, 1));
    clock.advance(Duration.ofSeconds(2));

    plinth.jobs().runNow(JOB);
    plinth.jobs().runNow(JOB);

    assertThat(told(bob))
        .filteredOn(news -> news.type().equals("work_item.delayed"))
        .singleElement()
        .matches(news -> news.subject().orElseThrow().equals(new Subject("work_item", late)));
    assertThat(get(late).delayedAt()).contains(NOON.plusSeconds(2));
    assertThat(get(late).version()).isEqualTo(1);
    assertThat(listening.heard())
        .filteredOn(WorkItemDelayed.class::isInstance)
        .containsExactly(new WorkItemDelayed(alice.organizationId(), late, NOON.plusSeconds(1)));
  }

  @Test
  void anotherEndIsAnotherDelay() {
    UUID id = ending(NOON.plusSeconds(1), bob);
    clock.advance(Duration.ofSeconds(2));
    plinth.jobs().runNow(JOB);
    Schedule later = new Schedule(null, NOON.plusSeconds(10));
    plinth.as(alice).run(tx -> items.update(tx, id, 1, WorkItemChanges.none().schedule(later)));
    assertThat(get(id).delayed()).isFalse();
    assertThat(get(id).delayedAt()).isEmpty();
    plinth.jobs().runNow(JOB);
    assertThat(delays(bob)).hasSize(1);

    clock.advance(Duration.ofSeconds(20));
    plinth.jobs().runNow(JOB);

    assertThat(delays(bob)).hasSize(2);
  }

  @Test
  void whereNoAssigneeIsAMemberTheCreatorIsTold(Members members) {
    ending(NOON.plusSeconds(1), bob);
    plinth
        .as(alice)
        .run(tx -> items.create(tx, NewWorkItem.task("Mine").endingAt(NOON.plusSeconds(1))));
    plinth.as(alice).run(tx -> members.remove(tx, bob.userId(), bob.version()));
    clock.advance(Duration.ofSeconds(2));

    plinth.jobs().runNow(JOB);

    assertThat(delays(alice)).hasSize(2);
  }

  @Test
  void allOrganizationsAreLookedAtButThoseThatAreNotActive(
      Organization globex,
      Member carol,
      Organization initech,
      Member ivan,
      Organizations organizations) {
    for (Member member : List.of(alice, carol, ivan)) {
      plinth
          .as(member)
          .run(tx -> items.create(tx, NewWorkItem.task("Late").endingAt(NOON.plusSeconds(1))));
    }
    plinth
        .asSystem("test")
        .run(
            tx ->
                organizations.setStatus(
                    tx, initech.id(), initech.version(), OrganizationStatus.SUSPENDED));
    clock.advance(Duration.ofSeconds(2));

    plinth.jobs().runNow(JOB);

    assertThat(delays(alice)).hasSize(1);
    assertThat(delays(carol)).hasSize(1);
    Organization suspended =
        plinth.asSystem("test").call(tx -> organizations.get(tx, initech.id()));
    plinth
        .asSystem("test")
        .run(
            tx ->
                organizations.setStatus(
                    tx, initech.id(), suspended.version(), OrganizationStatus.ACTIVE));
    plinth.jobs().runNow(JOB);
    assertThat(delays(ivan)).hasSize(1);
  }

  @Test
  void anOrganizationWhereItFailsHoldsUpNoOther(
      TestDatabase database, Organization globex, Member carol) {
    PlinthModule throwing =
        new PlinthModule() {
          @Override
          public String name() {
            return "listening";
          }

          @Override
          public List<Subscription<?>> subscriptions() {
            return List.of(
                new Subscription<>(
                    WorkItemDelayed.class,
                    (tx, event) -> {
                      if (event.organizationId().equals(alice.organizationId())) {
                        throw new IllegalStateException("the host fails");
                      }
                    }));
          }
        };
    plinth =
        Plinth.builder()
            .dataSource(database.host())
            .modules(new TasksModule(), throwing)
            .clock(clock)
            .build();
    ending(NOON.plusSeconds(1), bob);
    NewWorkItem late = NewWorkItem.task("Late").endingAt(NOON.plusSeconds(2));
    plinth.as(carol).run(tx -> items.create(tx, late));
    clock.advance(Duration.ofSeconds(3));

    assertThatThrownBy(() -> plinth.jobs().runNow(JOB)).isInstanceOf(JobFailedException.class);

    assertThat(delays(bob)).isEmpty();
    assertThat(delays(carol)).hasSize(1);
  }

  @Test
  void moreThanABatchAreAllFoundAndWhatAnEditorHoldsIsLeftForTheNextRun(TestDatabase database)
      throws SQLException {
    UUID held = ending(NOON.plusSeconds(1), bob);
    String many =
        "INSERT INTO plinth_tasks.work_items (organization_id, title, assignee_id, end_at)"
            + " SELECT ?, 'Many', ?, plinth_base.transaction_time() + interval '1 second' FROM generate_series(1, 1200)";
    plinth.as(alice).run(tx -> tx.dsl().execute(many, alice.organizationId(), bob.userId()));
    clock.advance(Duration.ofSeconds(2));

    try (Connection editor = database.superuser().getConnection();
        Statement statement = editor.createStatement()) {
      editor.setAutoCommit(false);
      statement.execute("SELECT FROM plinth_tasks.work_items WHERE id = '" + held + "' FOR UPDATE");
      plinth.jobs().runNow(JOB);
      editor.rollback();
    }

    assertThat(get(held).delayedAt()).isEmpty();
    assertThat(marked()).isEqualTo(1200);
    plinth.jobs().runNow(JOB);
    assertThat(get(held).delayedAt()).isPresent();
  }

  @Test
  void theMarkAndTheNewsAreOfOneTransaction(TestDatabase database) throws SQLException {
    UUID id = ending(NOON.plusSeconds(1), bob);
    clock.advance(Duration.ofSeconds(2));
    String refuse =
        "ALTER TABLE plinth_base.notifications ADD CONSTRAINT notifications_refused_ck"
            + " CHECK (type <> 'work_item.delayed') NOT VALID";
    run(database, refuse);
    try {
      assertThatThrownBy(() -> plinth.jobs().runNow(JOB)).isInstanceOf(JobFailedException.class);
      assertThat(get(id).delayedAt()).isEmpty();
    } finally {
      run(
          database,
          "ALTER TABLE plinth_base.notifications DROP CONSTRAINT notifications_refused_ck");
    }

    plinth.jobs().runNow(JOB);
    assertThat(delays(bob)).hasSize(1);
    assertThat(get(id).delayedAt()).isPresent();
  }

  private static void run(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int marked() {
    String sql =
        "SELECT count(*) FROM plinth_tasks.work_items WHERE delayed_at IS NOT NULL AND title = 'Many'";
    return plinth.as(alice).call(tx -> tx.dsl().fetchSingle(sql).get(0, Integer.class));
  }

  private UUID ending(Instant end, Member assignee) {
    NewWorkItem item =
        NewWorkItem.task("Paint").endingAt(end).assigned(Assignment.to(assignee.userId()));
    return plinth.as(alice).call(tx -> items.create(tx, item)).id();
  }

  private void finish(UUID id) {
    change(id, WorkItemStatus.IN_PROGRESS);
    change(id, WorkItemStatus.DONE);
  }

  private void change(UUID id, WorkItemStatus status) {
    plinth.as(alice).run(tx -> items.changeStatus(tx, id, items.get(tx, id).version(), status));
  }

  private WorkItem get(UUID id) {
    return plinth.as(alice).read(tx -> items.get(tx, id));
  }

  private List<UUID> listedDelayed() {
    WorkItemFilter delayed = WorkItemFilter.all().onlyDelayed();
    return plinth.as(alice).read(tx -> items.list(tx, delayed, PAGE)).items().stream()
        .map(WorkItem::id)
        .toList();
  }

  private List<Notification> told(Member member) {
    return plinth.as(member).read(tx -> notifications.list(tx, PAGE)).items();
  }

  private List<Notification> delays(Member member) {
    return told(member).stream().filter(news -> news.type().equals("work_item.delayed")).toList();
  }
}
