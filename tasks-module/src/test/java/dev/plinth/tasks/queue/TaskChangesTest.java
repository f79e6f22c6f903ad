package dev.plinth.tasks.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.workflow.EdgeTerms;
import dev.plinth.tasks.workflow.NewDependency;
import dev.plinth.tasks.workflow.TaskDependencies;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers do with tasks that are there, and what workers hear of it. */
@PlinthTest(TasksModule.class)
class TaskChangesTest {

  private Plinth plinth;
  private Tasks tasks;
  private TaskQueues queues;
  private TestDatabase database;
  private Member alice;

  @BeforeEach
  void define(
      Plinth plinth,
      TasksModule module,
      TaskDefinitions definitions,
      TestDatabase database,
      Organization acme,
      Member alice) {
    this.plinth = plinth;
    this.tasks = module.tasks();
    this.queues = module.taskQueues();
    this.database = database;
    this.alice = alice;
    plinth.as(alice).run(tx -> definitions.define(tx, NewTaskDefinition.of("mail")));
    plinth
        .as(alice)
        .run(tx -> definitions.define(tx, NewTaskDefinition.of("report").queue("slow")));
  }

  @Test
  void aTaskThatWaitsIsCancelledOnce() throws SQLException {
    Task task = enqueue("mail");

    Task cancelled = cancel(task.id());

    assertThat(cancelled.status()).isEqualTo(TaskStatus.CANCELLED);
    assertThat(cancelled.finishedAt()).isPresent();
    assertThat(cancel(task.id())).isEqualTo(cancelled);
  }

  @Test
  void whatDependsOnACancelledTaskIsTold() {
    Task first = enqueue("mail");
    Task afterSuccess = enqueue("mail");
    Task afterEnd = enqueue("report");
    plinth
        .as(alice)
        .run(
            tx ->
                new TaskDependencies()
                    .addAll(
                        tx,
                        List.of(
                            NewDependency.of(first.id(), afterSuccess.id()),
                            NewDependency.of(first.id(), afterEnd.id())
                                .on(EdgeTerms.completion()))));

    cancel(first.id());

    assertThat(get(afterSuccess.id()).status()).isEqualTo(TaskStatus.CANCELLED);
    assertThat(get(afterEnd.id()).status()).isEqualTo(TaskStatus.PENDING);
    assertThat(get(afterEnd.id()).unmetDependencies()).isZero();
  }

  @Test
  void aRunningTaskIsAskedToStopAndItsWorkerHears() throws SQLException {
    Task task = enqueue("mail");
    set(
        task,
        "status = 'running', lease_token = gen_random_uuid(), lease_worker = 'w', "
            + "lease_until = now() + interval '1 minute', started_at = now()");

    List<String> heard = heard(() -> assertThat(cancel(task.id()).cancelRequestedAt()).isPresent());

    assertThat(heard).containsExactly(alice.organizationId() + ":cancel:" + task.id());
    Task running = get(task.id());
    assertThat(running.status()).isEqualTo(TaskStatus.RUNNING);
    assertThat(running.lease().orElseThrow().worker()).isEqualTo("w");
    assertThat(cancel(task.id()).cancelRequestedAt()).isEqualTo(running.cancelRequestedAt());
  }

  @Test
  void whatEndedIsNotCancelled() throws SQLException {
    for (String end : List.of("succeeded", "dead")) {
      Task task = enqueue("mail");
      set(task, "status = '" + end + "', finished_at = now()");

      assertThatThrownBy(() -> cancel(task.id()))
          .isInstanceOf(IllegalTransitionException.class)
          .hasMessage("task cannot go from " + end + " to cancelled");
    }
    assertThatThrownBy(() -> cancel(UUID.randomUUID())).isInstanceOf(NotFoundException.class);
  }

  @Test
  void aDeadTaskIsReplayedWithAttemptsOfItsOwn() throws SQLException {
    Task task = enqueue("mail");
    set(
        task,
        "status = 'dead', attempt = 5, finished_at = now(), error_type = 'x', "
            + "error_message = 'y', deadline = scheduled_at + interval '1 microsecond'");

    Task replayed = plinth.as(alice).call(tx -> tasks.replay(tx, task.id()));

    assertThat(replayed.status()).isEqualTo(TaskStatus.PENDING);
    assertThat(replayed.attempt()).isEqualTo(5);
    assertThat(replayed.attemptsAllowed()).isEqualTo(10);
    assertThat(replayed.failure()).isEmpty();
    assertThat(replayed.finishedAt()).isEmpty();
    assertThat(replayed.deadline()).isEmpty();
    assertThatThrownBy(() -> plinth.as(alice).call(tx -> tasks.replay(tx, task.id())))
        .isInstanceOf(IllegalTransitionException.class);
    cancel(task.id());
    Task again = plinth.as(alice).call(tx -> tasks.replay(tx, task.id()));
    assertThat(again.status()).isEqualTo(TaskStatus.PENDING);
  }

  @Test
  void deadTasksAreReplayedInBatchesByFilter() throws SQLException {
    List<UUID> dead = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Task task = enqueue("report");
      set(task, "status = 'dead', finished_at = now()");
      dead.add(task.id());
    }
    Task other = enqueue("mail");
    set(other, "status = 'dead', finished_at = now()");
    TaskFilter reports = TaskFilter.all().definition("report");

    assertThat(
            plinth.as(alice).<Integer, RuntimeException>call(tx -> tasks.replayAll(tx, reports, 3)))
        .isEqualTo(3);
    assertThat(get(dead.get(2)).status()).isEqualTo(TaskStatus.PENDING);
    assertThat(get(dead.get(3)).status()).isEqualTo(TaskStatus.DEAD);
    assertThat(
            plinth.as(alice).<Integer, RuntimeException>call(tx -> tasks.replayAll(tx, reports, 3)))
        .isEqualTo(2);
    assertThat(get(other.id()).status()).isEqualTo(TaskStatus.DEAD);
  }

  @Test
  void workersHearOfWhatIsReadyOnceForEachQueueAndOnlyAfterTheCommit() throws SQLException {
    List<NewTask> many =
        List.of(NewTask.of("mail"), NewTask.of("mail"), NewTask.of("report"), NewTask.of("mail"));
    UUID organization = alice.organizationId();

    List<String> heard =
        heard(
            () -> {
              plinth.as(alice).run(tx -> tasks.enqueueAll(tx, many));
              enqueue("report");
              plinth
                  .as(alice)
                  .run(tx -> tasks.enqueue(tx, NewTask.of("mail").delay(Duration.ofHours(1))));
              assertThatThrownBy(
                      () ->
                          plinth
                              .as(alice)
                              .run(
                                  tx -> {
                                    tasks.enqueue(tx, NewTask.of("mail").queue("never"));
                                    throw new IllegalStateException("host fails");
                                  }))
                  .hasMessage("host fails");
            });

    assertThat(heard)
        .containsExactlyInAnyOrder(
            organization + ":default", organization + ":slow", organization + ":slow");
  }

  @Test
  void aQueueIsPausedAndResumed() throws SQLException {
    plinth.as(alice).run(tx -> queues.pause(tx, "slow"));
    TaskQueue paused = queue("slow");
    plinth.as(alice).run(tx -> queues.pause(tx, "slow"));

    assertThat(paused.pausedAt()).isPresent();
    assertThat(paused.pausedBy()).contains(alice.userId());
    assertThat(queue("slow").pausedAt()).isEqualTo(paused.pausedAt());

    List<String> heard =
        heard(
            () -> {
              plinth.as(alice).run(tx -> queues.resume(tx, "slow"));
              plinth.as(alice).run(tx -> queues.resume(tx, "slow"));
              plinth.as(alice).run(tx -> queues.resume(tx, "never-paused"));
            });
    assertThat(heard).containsExactly(alice.organizationId() + ":slow");
    assertThat(queue("slow").pausedAt()).isEmpty();
  }

  @Test
  void queuesCountWhatWaitsAndRuns(Organization globex, Member gina, TaskDefinitions definitions)
      throws SQLException {
    plinth.as(gina).run(tx -> definitions.define(tx, NewTaskDefinition.of("mail")));
    plinth.as(gina).run(tx -> definitions.define(tx, NewTaskDefinition.of("few").atMost(1)));
    List<UUID> ids =
        plinth
            .as(gina)
            .call(
                tx ->
                    tasks.enqueueAll(
                        tx,
                        List.of(
                            NewTask.of("mail"),
                            NewTask.of("few"),
                            NewTask.of("mail"),
                            NewTask.of("mail"),
                            NewTask.of("mail").delay(Duration.ofHours(1)))));
    set(
        ids.get(2),
        "status = 'running', lease_token = gen_random_uuid(), lease_worker = 'w', "
            + "lease_until = now(), started_at = now()");
    set(ids.get(3), "unhandled_at = now()");

    List<TaskQueue> all = plinth.as(gina).read(queues::list);

    assertThat(all).containsExactly(new TaskQueue("default", null, null, 2, 1, 1));
  }

  @Test
  void tasksAreListedNewestFirstByWhatTheyAreAbout() {
    UUID subject = UUID.randomUUID();
    UUID project = UUID.randomUUID();
    UUID run = UUID.randomUUID();
    NewTask about = NewTask.of("mail").subject("repository", subject).project(project);
    List<UUID> ids =
        plinth
            .as(alice)
            .call(
                tx ->
                    tasks.enqueueAll(
                        tx, List.of(about, about.partOf(run, "join"), about.queue("slow"))));

    Page<Task> first = page(TaskFilter.all().subject(subject), PageRequest.first(2));
    Page<Task> second =
        page(TaskFilter.all().subject(subject), PageRequest.after(first.next().orElseThrow(), 2));

    assertThat(first.items()).extracting(Task::id).containsExactly(ids.get(2), ids.get(1));
    assertThat(second.items()).extracting(Task::id).containsExactly(ids.get(0));
    assertThat(ids(TaskFilter.all().project(project).queue("slow"))).containsExactly(ids.get(2));
    assertThat(ids(TaskFilter.all().run(run).status(TaskStatus.PENDING)))
        .containsExactly(ids.get(1));
    assertThat(get(ids.get(1)).node()).contains("join");
  }

  @Test
  void aViewerChangesNothing(Organization acme, @Role(MemberRole.VIEWER) Member victor) {
    Task task = enqueue("mail");

    assertThatThrownBy(() -> plinth.as(victor).call(tx -> tasks.cancel(tx, task.id())))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(victor).call(tx -> tasks.replay(tx, task.id())))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(victor).call(tx -> tasks.replayAll(tx, TaskFilter.all(), 1)))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void onlyWhoAdministersPausesAndResumes(
      Organization acme,
      Member dan,
      @Role(MemberRole.ADMIN) Member ada,
      @Role(MemberRole.VIEWER) Member victor) {
    plinth.asService(acme.id(), "host").run(tx -> queues.pause(tx, "slow"));
    plinth.as(ada).run(tx -> queues.resume(tx, "slow"));
    plinth.as(ada).run(tx -> queues.pause(tx, "slow"));

    for (Member other : List.of(dan, victor)) {
      assertThatThrownBy(() -> plinth.as(other).run(tx -> queues.pause(tx, "default")))
          .isInstanceOf(AccessDeniedException.class);
      assertThatThrownBy(() -> plinth.as(other).run(tx -> queues.resume(tx, "slow")))
          .isInstanceOf(AccessDeniedException.class);
    }
    int changed =
        plinth
            .as(dan)
            .call(tx -> tx.dsl().execute("UPDATE plinth_tasks.task_queues SET paused_at = NULL"));
    assertThat(changed).isZero();
    assertThat(queue("slow").pausedBy()).contains(ada.userId());
  }

  private List<String> heard(Runnable work) throws SQLException {
    return Notices.heard(database, work);
  }

  private void set(Task task, String assignments) throws SQLException {
    set(task.id(), assignments);
  }

  /** What a worker would bring about. */
  private void set(UUID task, String assignments) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE plinth_tasks.tasks SET " + assignments + " WHERE id = '" + task + "'");
    }
  }

  private TaskQueue queue(String name) {
    return plinth.as(alice).read(queues::list).stream()
        .filter(queue -> queue.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<UUID> ids(TaskFilter filter) {
    return page(filter, PageRequest.first(10)).items().stream().map(Task::id).toList();
  }

  private Page<Task> page(TaskFilter filter, PageRequest request) {
    return plinth.as(alice).read(tx -> tasks.list(tx, filter, request));
  }

  private Task cancel(UUID id) {
    return plinth.as(alice).call(tx -> tasks.cancel(tx, id));
  }

  private Task get(UUID id) {
    return plinth.as(alice).read(tx -> tasks.get(tx, id));
  }

  private Task enqueue(String definition) {
    return plinth.as(alice).call(tx -> tasks.enqueue(tx, NewTask.of(definition)));
  }
}
