package dev.plinth.tasks.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.PlinthException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.Listening;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.workflow.NewDependency;
import dev.plinth.tasks.workflow.TaskDependencies;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks that wait are moved in time and in urgency; what runs or has ended is not. */
@PlinthTest(TasksModule.class)
class TaskTurnsTest {

  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final Instant LATER = NOON.plus(Duration.ofHours(3));
  private static final String RUNNING =
      "status = 'running', lease_token = gen_random_uuid(), lease_worker = 'w', "
          + "lease_until = now() + interval '1 minute', started_at = now()";

  private Plinth plinth;
  private Tasks tasks;
  private SettableClock clock;
  private TestDatabase database;
  private Member alice;

  @BeforeEach
  void define(
      Plinth plinth,
      TasksModule module,
      TaskDefinitions definitions,
      SettableClock clock,
      TestDatabase database,
      Organization acme,
      Member alice) {
    this.plinth = plinth;
    this.tasks = module.tasks();
    this.clock = clock;
    this.database = database;
    this.alice = alice;
    clock.freezeAt(NOON);
    plinth.as(alice).run(tx -> definitions.define(tx, NewTaskDefinition.of("mail")));
    plinth
        .as(alice)
        .run(tx -> definitions.define(tx, NewTaskDefinition.of("report").queue("slow")));
  }

  @AfterEach
  void reset() {
    clock.reset();
  }

  @Test
  void aTaskThatCouldBeginIsPutOffAndNobodyIsWoken() throws SQLException {
    Task task = enqueue(NewTask.of("mail").priority(Priority.HIGH));

    List<String> heard = Notices.heard(database, () -> reschedule(task.id(), LATER));

    Task moved = get(task.id());
    assertThat(heard).isEmpty();
    assertThat(moved.status()).isEqualTo(TaskStatus.SCHEDULED);
    assertThat(moved.scheduledAt()).isEqualTo(LATER);
    assertThat(moved.turnAt()).isEqualTo(LATER.minus(Duration.ofMinutes(10)));
  }

  @Test
  void aScheduledTaskBeginsNowAndWorkersAreWoken() throws SQLException {
    for (Instant over : List.of(NOON, NOON.minusSeconds(900), Instant.EPOCH)) {
      Task task = enqueue(NewTask.of("report").notBefore(LATER));

      List<String> heard = Notices.heard(database, () -> reschedule(task.id(), over));

      Task moved = get(task.id());
      assertThat(heard).containsExactly(alice.organizationId() + ":slow");
      assertThat(moved.status()).isEqualTo(TaskStatus.PENDING);
      assertThat(moved.scheduledAt()).isEqualTo(NOON);
      assertThat(moved.turnAt()).isEqualTo(NOON.minus(Duration.ofMinutes(5)));
    }
  }

  @Test
  void whatMayBeginAlreadyKeepsItsTurnWhenItIsToBeginNow() {
    Task task = enqueue(NewTask.of("mail"));
    clock.freezeAt(LATER);

    Task same = reschedule(task.id(), LATER);

    assertThat(same).isEqualTo(task);
  }

  @Test
  void aTaskThatWaitsForAnotherAttemptIsTriedSoonerOrLater() throws SQLException {
    Task task = enqueue(NewTask.of("mail"));
    String failed = "status = 'failed', attempt = 1, error_type = 'x', scheduled_at = '" + LATER;
    set(task.id(), failed + "', turn_at = plinth_tasks.turn_at('" + LATER + "', priority)");

    Task later = reschedule(task.id(), LATER.plusSeconds(60));
    assertThat(later.status()).isEqualTo(TaskStatus.FAILED);
    assertThat(later.scheduledAt()).isEqualTo(LATER.plusSeconds(60));
    List<String> heard = Notices.heard(database, () -> reschedule(task.id(), NOON));

    Task sooner = get(task.id());
    assertThat(heard).containsExactly(alice.organizationId() + ":default");
    assertThat(sooner.status()).isEqualTo(TaskStatus.PENDING);
    assertThat(sooner.attempt()).isEqualTo(1);
    assertThat(sooner.failure()).isPresent();
  }

  @Test
  void whatWaitsForAnotherTaskGoesOnWaitingForIt() throws SQLException {
    Task first = enqueue(NewTask.of("mail"));
    Task second = enqueue(NewTask.of("mail"));
    plinth
        .as(alice)
        .run(tx -> new TaskDependencies().add(tx, NewDependency.of(first.id(), second.id())));

    Task putOff = reschedule(second.id(), LATER);
    assertThat(putOff.status()).isEqualTo(TaskStatus.SCHEDULED);
    List<String> heard = Notices.heard(database, () -> reschedule(second.id(), NOON));

    Task back = get(second.id());
    assertThat(heard).isEmpty();
    assertThat(back.status()).isEqualTo(TaskStatus.PENDING);
    assertThat(back.unmetDependencies()).isEqualTo(1);
    assertThat(readyInTurn()).containsExactly(first.id());
  }

  @Test
  void noTaskIsPutOffUntilItsDeadlineIsOver() {
    Task task = enqueue(NewTask.of("mail").deadline(LATER));

    for (Instant tooLate : List.of(LATER, LATER.plusSeconds(1))) {
      assertThatThrownBy(() -> reschedule(task.id(), tooLate))
          .isInstanceOf(InvalidValueException.class)
          .hasMessageContaining("notBefore");
    }
    assertThat(get(task.id())).isEqualTo(task);
    Task inTime = reschedule(task.id(), LATER.minusNanos(1_000));
    assertThat(inTime.status()).isEqualTo(TaskStatus.SCHEDULED);
    clock.freezeAt(LATER);
    assertThatThrownBy(() -> reschedule(task.id(), LATER))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void aTimeThatTheDatabaseDoesNotKnowIsRefused() {
    Task task = enqueue(NewTask.of("mail"));

    assertThatThrownBy(() -> reschedule(task.id(), Instant.MAX))
        .isInstanceOf(PlinthException.class);

    assertThat(get(task.id())).isEqualTo(task);
  }

  @Test
  void whatRunsOrHasEndedKeepsItsTurn() throws SQLException {
    Task running = enqueue(NewTask.of("mail"));
    set(running.id(), RUNNING);
    assertRefused(running.id(), "running");
    for (String end : List.of("succeeded", "cancelled", "dead")) {
      Task ended = enqueue(NewTask.of("mail"));
      set(ended.id(), "status = '" + end + "', finished_at = now()");
      assertRefused(ended.id(), end);
    }
    assertRefused(running.id(), "running");
  }

  @Test
  void whatAWorkerClaimsJustNowKeepsItsTurn() throws Exception {
    Task task = enqueue(NewTask.of("mail"));

    CompletableFuture<Task> moving;
    try (Connection claiming = database.superuser().getConnection();
        Statement statement = claiming.createStatement();
        Connection looking = database.superuser().getConnection();
        Statement look = looking.createStatement()) {
      claiming.setAutoCommit(false);
      statement.execute(
          "UPDATE plinth_tasks.tasks SET " + RUNNING + " WHERE id = '" + task.id() + "'");
      moving = CompletableFuture.supplyAsync(() -> reschedule(task.id(), LATER));
      Eventually.is("somebody waits for the row", () -> somebodyWaits(look));
      claiming.commit();
    }

    assertThatThrownBy(moving::join).hasCauseInstanceOf(IllegalTransitionException.class);
    assertThat(get(task.id()).status()).isEqualTo(TaskStatus.RUNNING);
  }

  @Test
  void whatIsMoreUrgentComesBeforeWhatWaitedLonger() {
    UUID first = enqueue(NewTask.of("mail")).id();
    UUID second = enqueue(NewTask.of("mail")).id();
    UUID third = enqueue(NewTask.of("mail").notBefore(LATER)).id();
    assertThat(readyInTurn()).containsExactly(first, second);

    Task urgent = reprioritize(second, Priority.CRITICAL);
    Task scheduled = reprioritize(third, Priority.LOW);

    assertThat(urgent.priority()).isEqualTo(Priority.CRITICAL);
    assertThat(urgent.turnAt()).isEqualTo(NOON.minus(Duration.ofMinutes(15)));
    assertThat(scheduled.turnAt()).isEqualTo(LATER);
    assertThat(scheduled.status()).isEqualTo(TaskStatus.SCHEDULED);
    assertThat(readyInTurn()).containsExactly(second, first);
  }

  @Test
  void tasksAreMovedInBatchesByFilterUntilNoneIsLeft() throws SQLException {
    List<UUID> reports = enqueueAll(NewTask.of("report"), 5);
    UUID mail = enqueue(NewTask.of("mail")).id();
    UUID tooSoon = enqueue(NewTask.of("report").deadline(LATER)).id();
    set(reports.get(4), RUNNING);
    TaskFilter filter = TaskFilter.all().definition("report");

    assertThat(List.of(rescheduleAll(filter, LATER, 3), rescheduleAll(filter, LATER, 3)))
        .containsExactly(3, 1);
    assertThat(rescheduleAll(filter, LATER, 3)).isZero();
    assertThat(reports.subList(0, 4))
        .allSatisfy(id -> assertThat(get(id).scheduledAt()).isEqualTo(LATER));
    assertThat(List.of(get(mail), get(tooSoon)))
        .allSatisfy(task -> assertThat(task.status()).isEqualTo(TaskStatus.PENDING));

    List<Integer> back = new ArrayList<>();
    List<String> heard =
        Notices.heard(
            database,
            () -> {
              back.add(rescheduleAll(filter, NOON, 100));
              clock.freezeAt(NOON.plusSeconds(1));
              back.add(rescheduleAll(filter, NOON.plusSeconds(1), 100));
            });
    assertThat(back).containsExactly(4, 0);
    assertThat(heard).containsExactly(alice.organizationId() + ":slow");
  }

  @Test
  void tasksAreMadeUrgentInBatchesByFilterUntilNoneIsLeft() {
    List<UUID> reports = enqueueAll(NewTask.of("report"), 4);
    UUID mail = enqueue(NewTask.of("mail")).id();
    TaskFilter slow = TaskFilter.all().queue("slow");

    List<Integer> changed =
        IntStream.range(0, 3).mapToObj(i -> reprioritizeAll(slow, Priority.HIGH, 3)).toList();

    assertThat(changed).containsExactly(3, 1, 0);
    assertThat(reports)
        .allSatisfy(id -> assertThat(get(id).turnAt()).isEqualTo(NOON.minusSeconds(600)));
    assertThat(get(mail).priority()).isEqualTo(Priority.MEDIUM);
    assertThat(reprioritizeAll(slow.status(TaskStatus.DEAD), Priority.LOW, 3)).isZero();
    for (int limit : List.of(0, Tasks.MAX_BATCH + 1)) {
      assertThatThrownBy(() -> reprioritizeAll(slow, Priority.LOW, limit))
          .isInstanceOf(InvalidValueException.class);
      assertThatThrownBy(() -> rescheduleAll(slow, LATER, limit))
          .isInstanceOf(InvalidValueException.class);
    }
  }

  @Test
  void othersTasksAreNotFoundAndViewersMoveNothing(
      Organization acme, @Role(MemberRole.VIEWER) Member victor, Organization globex, Member gina) {
    UUID task = enqueue(NewTask.of("mail")).id();

    for (UUID id : List.of(task, UUID.randomUUID())) {
      assertThatThrownBy(() -> plinth.as(gina).run(tx -> tasks.reschedule(tx, id, LATER)))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> plinth.as(gina).run(tx -> tasks.reprioritize(tx, id, Priority.LOW)))
          .isInstanceOf(NotFoundException.class);
    }
    assertThat(
            plinth
                .as(gina)
                .<Integer, RuntimeException>call(
                    tx -> tasks.rescheduleAll(tx, TaskFilter.all(), LATER, 10)))
        .isZero();
    assertThatThrownBy(() -> plinth.as(victor).run(tx -> tasks.reschedule(tx, task, LATER)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () -> plinth.as(victor).run(tx -> tasks.reprioritize(tx, task, Priority.LOW)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () -> plinth.as(victor).run(tx -> tasks.rescheduleAll(tx, TaskFilter.all(), LATER, 1)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(victor)
                    .run(tx -> tasks.reprioritizeAll(tx, TaskFilter.all(), Priority.LOW, 1)))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(get(task).status()).isEqualTo(TaskStatus.PENDING);
  }

  @Test
  void modulesHearOfIt() {
    UUID task = enqueue(NewTask.of("mail")).id();
    Listening listening = new Listening();
    UUID organization = alice.organizationId();

    try (Plinth host =
        Plinth.builder()
            .dataSource(database.host())
            .modules(new TasksModule(), listening)
            .clock(clock)
            .build()) {
      host.as(alice)
          .run(
              tx -> {
                tasks.reschedule(tx, task, LATER);
                tasks.reprioritizeAll(tx, TaskFilter.all(), Priority.HIGH, 10);
              });
    }

    assertThat(listening.heard())
        .containsExactly(
            new TaskRescheduled(organization, task, LATER),
            new TaskReprioritized(organization, task, Priority.HIGH));
  }

  private void assertRefused(UUID task, String status) {
    Task before = get(task);
    String message = "task cannot go from " + status + " to another turn: only what waits is moved";
    assertThatThrownBy(() -> reschedule(task, LATER))
        .isInstanceOf(IllegalTransitionException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> reprioritize(task, Priority.CRITICAL))
        .isInstanceOf(IllegalTransitionException.class)
        .hasMessage(message);
    assertThat(get(task)).isEqualTo(before);
  }

  private static boolean somebodyWaits(Statement statement) {
    String waiting =
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    try (ResultSet rows = statement.executeQuery(waiting)) {
      return rows.next();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a worker would bring about. */
  private void set(UUID task, String assignments) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE plinth_tasks.tasks SET " + assignments + " WHERE id = '" + task + "'");
    }
  }

  private List<UUID> readyInTurn() {
    return plinth
        .as(alice)
        .read(
            tx ->
                tx.dsl()
                    .fetch(
                        "SELECT id FROM plinth_tasks.ready_tasks WHERE organization_id = ? ORDER BY turn_at, id",
                        tx.organizationId())
                    .getValues(0, UUID.class));
  }

  private int rescheduleAll(TaskFilter filter, Instant time, int limit) {
    return plinth.as(alice).call(tx -> tasks.rescheduleAll(tx, filter, time, limit));
  }

  private int reprioritizeAll(TaskFilter filter, Priority priority, int limit) {
    return plinth.as(alice).call(tx -> tasks.reprioritizeAll(tx, filter, priority, limit));
  }

  private Task reschedule(UUID id, Instant time) {
    return plinth.as(alice).call(tx -> tasks.reschedule(tx, id, time));
  }

  private Task reprioritize(UUID id, Priority priority) {
    return plinth.as(alice).call(tx -> tasks.reprioritize(tx, id, priority));
  }

  private Task get(UUID id) {
    return plinth.as(alice).read(tx -> tasks.get(tx, id));
  }

  private Task enqueue(NewTask task) {
    return plinth.as(alice).call(tx -> tasks.enqueue(tx, task));
  }

  private List<UUID> enqueueAll(NewTask task, int number) {
    List<NewTask> many = IntStream.range(0, number).mapToObj(i -> task).toList();
    return plinth.as(alice).call(tx -> tasks.enqueueAll(tx, many));
  }
}
