package dev.plinth.tasks.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PlinthTest(TasksModule.class)
class EnqueueTest {

  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  private Plinth plinth;
  private Tasks tasks;
  private TaskDefinitions definitions;
  private SettableClock clock;
  private Member alice;
  private TaskDefinition scan;

  @BeforeEach
  void define(
      Plinth plinth,
      Tasks tasks,
      TaskDefinitions definitions,
      SettableClock clock,
      Organization acme,
      Member alice) {
    this.plinth = plinth;
    this.tasks = tasks;
    this.definitions = definitions;
    this.clock = clock;
    this.alice = alice;
    scan = plinth.as(alice).call(tx -> definitions.define(tx, scan()));
  }

  @AfterEach
  void reset() {
    clock.reset();
  }

  @Test
  void whatIsReturnedIsWhatIsStoredToTheMicrosecond() {
    clock.freezeAt(NOON);
    Instant time = NOON.plusNanos(1_000_000_777);
    List<NewTask> all =
        List.of(
            NewTask.of("scan").input(Map.of("path", "/", "n", 1.0e2)),
            NewTask.of("scan").input(Map.of("path", "/")).delay(Duration.ofNanos(60_000_000_777L)),
            NewTask.of("scan")
                .input(Map.of("path", "/"))
                .notBefore(time)
                .deadline(time.plusNanos(1777)),
            NewTask.of("scan")
                .input(Map.of("path", "/"))
                .subject("file ", UUID.randomUUID())
                .concurrencyKey(" key ")
                .idempotencyKey("once", Duration.ofSeconds(1)));

    for (NewTask task : all) {
      Task stored = enqueue(task);
      assertThat(stored).isEqualTo(plinth.as(alice).read(tx -> tasks.get(tx, stored.id())));
    }
    assertThatThrownBy(
            () -> enqueue(NewTask.of("scan").notBefore(time).deadline(time.plusNanos(100))))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void aTaskHasWhatItsDefinitionSaysAndWhatItSaysItself() {
    UUID subject = UUID.randomUUID();
    UUID project = UUID.randomUUID();
    clock.freezeAt(NOON);

    Task plain = enqueue(NewTask.of("scan"));
    Task special =
        enqueue(
            NewTask.of("scan")
                .input(Map.of("path", "/src"))
                .queue("slow")
                .priority(Priority.CRITICAL)
                .deadline(NOON.plusSeconds(60))
                .subject("repository", subject)
                .project(project)
                .concurrencyKey("engine"));

    assertThat(plain.definition()).isEqualTo("scan");
    assertThat(plain.definitionId()).isEqualTo(scan.id());
    assertThat(plain.queue()).isEqualTo("scans");
    assertThat(plain.priority()).isEqualTo(Priority.HIGH);
    assertThat(plain.status()).isEqualTo(TaskStatus.PENDING);
    assertThat(plain.scheduledAt()).isEqualTo(NOON);
    assertThat(plain.turnAt()).isEqualTo(NOON.minus(Duration.ofMinutes(10)));
    assertThat(plain.attemptsAllowed()).isEqualTo(5);
    assertThat(plain.createdAt()).isEqualTo(NOON);
    assertThat(plain.input()).isEqualTo(Map.of("path", "/", "depth", 3));
    assertThat(special.queue()).isEqualTo("slow");
    assertThat(special.priority()).isEqualTo(Priority.CRITICAL);
    assertThat(special.turnAt()).isEqualTo(NOON.minus(Duration.ofMinutes(15)));
    assertThat(special.deadline()).contains(NOON.plusSeconds(60));
    assertThat(special.subject().orElseThrow().id()).isEqualTo(subject);
    assertThat(special.projectId()).contains(project);
    assertThat(special.concurrencyKey()).contains("engine");
    assertThat(special.input()).isEqualTo(Map.of("path", "/src", "depth", 3));
    assertThat(stored(plain.id())).isEqualTo(plain);
    assertThat(stored(special.id())).isEqualTo(special);
  }

  @Test
  void manyAreEnqueuedInTheOrderGiven() {
    plinth.as(alice).call(tx -> definitions.define(tx, NewTaskDefinition.of("report")));
    List<NewTask> many =
        IntStream.range(0, 2_500)
            .mapToObj(
                i -> NewTask.of(i % 3 == 0 ? "report" : "scan").input(Map.of("path", "/" + i)))
            .toList();

    List<UUID> ids = plinth.as(alice).call(tx -> tasks.enqueueAll(tx, many));

    assertThat(ids).hasSize(2_500).doesNotHaveDuplicates();
    assertThat(ids.stream().map(UUID::toString)).isSorted();
    for (int i = 0; i < 2_500; i += 499) {
      Task task = stored(ids.get(i));
      assertThat(task.definition()).isEqualTo(i % 3 == 0 ? "report" : "scan");
      assertThat(task.input()).containsEntry("path", "/" + i);
    }
    List<UUID> none = plinth.as(alice).call(tx -> tasks.enqueueAll(tx, List.of()));
    assertThat(none).isEmpty();
  }

  @Test
  void aTaskForLaterIsScheduled() {
    clock.freezeAt(NOON);

    Task delayed = enqueue(NewTask.of("scan").delay(Duration.ofHours(1)));
    Task timed = enqueue(NewTask.of("scan").notBefore(NOON.plusSeconds(7)));
    Task past = enqueue(NewTask.of("scan").notBefore(NOON.minusSeconds(7)));

    assertThat(delayed.status()).isEqualTo(TaskStatus.SCHEDULED);
    assertThat(delayed.scheduledAt()).isEqualTo(NOON.plusSeconds(3600));
    assertThat(delayed.turnAt()).isEqualTo(NOON.plusSeconds(3600 - 600));
    assertThat(timed.status()).isEqualTo(TaskStatus.SCHEDULED);
    assertThat(timed.scheduledAt()).isEqualTo(NOON.plusSeconds(7));
    assertThat(past.status()).isEqualTo(TaskStatus.PENDING);
    assertThat(past.scheduledAt()).isEqualTo(NOON);
  }

  @Test
  void aDeadlineBeforeTheBeginningIsRefused() {
    NewTask late = NewTask.of("scan").delay(Duration.ofHours(2)).deadline(Instant.now());
    assertRefused(late, InvalidValueException.class);
  }

  @Test
  void anUnknownDefinitionIsRefused() {
    assertRefused(NewTask.of("unheard-of"), NotFoundException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .call(
                        tx ->
                            tasks.enqueueAll(
                                tx, List.of(NewTask.of("scan"), NewTask.of("unheard-of")))))
        .isInstanceOf(NotFoundException.class)
        .hasMessage("task_definition not found: unheard-of (define it in this organization first)");
  }

  @Test
  void aDeletedDefinitionIsUnknownAndWhatWasEnqueuedStays() {
    plinth.as(alice).call(tx -> definitions.define(tx, NewTaskDefinition.of("old")));
    Task before = enqueue(NewTask.of("old"));
    plinth.as(alice).run(tx -> definitions.delete(tx, "old"));

    assertRefused(NewTask.of("old"), NotFoundException.class);

    assertThat(stored(before.id())).isEqualTo(before);
  }

  @Test
  void whatARolledBackTransactionEnqueuedWasNeverThere() {
    List<UUID> ids = new ArrayList<>();

    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          ids.add(tasks.enqueue(tx, NewTask.of("scan")).id());
                          ids.addAll(tasks.enqueueAll(tx, List.of(NewTask.of("scan"))));
                          throw new IllegalStateException("host fails");
                        }))
        .hasMessage("host fails");

    assertThat(ids).hasSize(2).noneMatch(this::isThere);
  }

  @Test
  void aTaskIsEnqueuedWithTheHostsTransaction(TestDatabase database) throws SQLException {
    List<UUID> ids = new ArrayList<>();
    try (Connection connection = database.host().getConnection()) {
      connection.setAutoCommit(false);
      for (boolean commit : List.of(true, false)) {
        Task task = plinth.as(alice).join(connection, tx -> tasks.enqueue(tx, NewTask.of("scan")));
        ids.add(task.id());
        if (commit) {
          connection.commit();
        } else {
          connection.rollback();
        }
      }
    }

    assertThat(ids.stream().map(this::isThere)).containsExactly(true, false);
  }

  @Test
  void aViewerEnqueuesNothing(Organization acme, @Role(MemberRole.VIEWER) Member victor) {
    assertThatThrownBy(() -> plinth.as(victor).call(tx -> tasks.enqueue(tx, NewTask.of("scan"))))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () -> plinth.as(victor).call(tx -> tasks.enqueueAll(tx, List.of(NewTask.of("scan")))))
        .isInstanceOf(AccessDeniedException.class);
  }

  private <X extends Exception> void assertRefused(NewTask task, Class<X> type) {
    assertThatThrownBy(() -> enqueue(task)).isInstanceOf(type);
    assertThatThrownBy(() -> plinth.as(alice).call(tx -> tasks.enqueueAll(tx, List.of(task))))
        .isInstanceOf(type);
  }

  private Task enqueue(NewTask task) {
    return plinth.as(alice).call(tx -> tasks.enqueue(tx, task));
  }

  private Task stored(UUID id) {
    return plinth.as(alice).read(tx -> tasks.get(tx, id));
  }

  private boolean isThere(UUID id) {
    return plinth.as(alice).read(tx -> tasks.find(tx, id)).isPresent();
  }

  private static NewTaskDefinition scan() {
    return NewTaskDefinition.of("scan")
        .queue("scans")
        .priority(Priority.HIGH)
        .defaultInput(Map.of("path", "/", "depth", 3));
  }
}
