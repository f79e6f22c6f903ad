package dev.plinth.tasks.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.InvalidInputException;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stands in the way of the one statement: keys that are taken, definitions that changed. */
@PlinthTest(TasksModule.class)
class TaskIdempotencyTest {

  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final NewTask ONCE = NewTask.of("mail").idempotencyKey("once");

  private Plinth plinth;
  private Tasks tasks;
  private TaskDefinitions definitions;
  private SettableClock clock;
  private Member alice;

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
    plinth.as(alice).run(tx -> definitions.define(tx, NewTaskDefinition.of("mail")));
  }

  @AfterEach
  void reset() {
    clock.reset();
  }

  @Test
  void theEarlierTaskIsReturnedForAUsedKey() {
    Task first = enqueue(ONCE.input(Map.of("n", 1)));
    Task second = enqueue(ONCE.input(Map.of("n", 2)));

    assertThat(second).isEqualTo(first);
    assertThat(first.idempotencyKey()).contains("once");
  }

  @Test
  void keysThatAreTakenAreSkippedAmongMany() {
    Task first = enqueue(NewTask.of("mail").idempotencyKey("k-3"));
    List<NewTask> many =
        IntStream.range(0, 6)
            .mapToObj(i -> NewTask.of("mail").idempotencyKey("k-" + i % 5))
            .toList();

    List<UUID> ids = plinth.as(alice).call(tx -> tasks.enqueueAll(tx, many));

    assertThat(ids.get(3)).isEqualTo(first.id());
    assertThat(ids.get(5)).isEqualTo(ids.get(0));
    assertThat(Set.copyOf(ids)).hasSize(5);
    for (UUID id : ids) {
      assertThat(plinth.as(alice).read(tx -> tasks.find(tx, id)).isPresent()).isTrue();
    }
  }

  @Test
  void theKeyIsAnOrganizationsOwn(Organization globex, Member gina) {
    plinth.as(gina).run(tx -> definitions.define(tx, NewTaskDefinition.of("mail").queue("theirs")));

    Task own = enqueue(NewTask.of("mail").idempotencyKey("shared"));
    Task theirs =
        plinth.as(gina).call(tx -> tasks.enqueue(tx, NewTask.of("mail").idempotencyKey("shared")));

    assertThat(theirs.id()).isNotEqualTo(own.id());
    assertThat(own.queue()).isEqualTo("default");
    assertThat(theirs.queue()).isEqualTo("theirs");
  }

  @Test
  void manyAtOnceGetOneTask() throws Exception {
    NewTask task = NewTask.of("mail").idempotencyKey("at-once");
    CyclicBarrier together = new CyclicBarrier(8);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<UUID>> ids =
          IntStream.range(0, 8)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            together.await();
                            return i % 2 == 0
                                ? enqueue(task).id()
                                : plinth
                                    .as(alice)
                                    .call(tx -> tasks.enqueueAll(tx, List.of(task)))
                                    .get(0);
                          }))
              .toList();
      UUID first = ids.get(0).get(1, TimeUnit.MINUTES);
      for (Future<UUID> id : ids) {
        assertThat(id.get(1, TimeUnit.MINUTES)).isEqualTo(first);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aKeyThatWasRolledBackIsFree() {
    NewTask task = NewTask.of("mail").idempotencyKey("rolled-back");
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          tasks.enqueue(tx, task);
                          throw new IllegalStateException("host fails");
                        }))
        .hasMessage("host fails");

    Task kept = enqueue(task);

    assertThat(enqueue(task)).isEqualTo(kept);
  }

  @Test
  void aKeyIsFreeWhenItsWindowIsOver() {
    NewTask task = NewTask.of("mail").idempotencyKey("hourly", Duration.ofHours(1));
    clock.freezeAt(NOON);
    Task first = enqueue(task);
    clock.freezeAt(NOON.plusSeconds(3599));
    Task within = enqueue(task);
    clock.freezeAt(NOON.plusSeconds(3600));
    Task after = enqueue(task);
    List<UUID> again = plinth.as(alice).call(tx -> tasks.enqueueAll(tx, List.of(task)));

    assertThat(within).isEqualTo(first);
    assertThat(after.id()).isNotEqualTo(first.id());
    assertThat(again).containsExactly(after.id());
    Task before = plinth.as(alice).read(tx -> tasks.get(tx, first.id()));
    assertThat(before.idempotencyKey()).isEmpty();
    assertThat(before.status()).isEqualTo(TaskStatus.PENDING);
  }

  @Test
  void aDefinitionThatChangedElsewhereIsReadAgain() {
    TaskDefinitions elsewhere = new TaskDefinitions();
    plinth.as(alice).run(tx -> elsewhere.define(tx, NewTaskDefinition.of("moving")));
    Task first = enqueue(NewTask.of("moving"));
    plinth
        .as(alice)
        .run(
            tx ->
                elsewhere.define(
                    tx,
                    NewTaskDefinition.of("moving")
                        .queue("slow")
                        .defaultInput(Map.of("a", 1))
                        .inputSchema(Map.of("required", List.of("b")))));

    assertThatThrownBy(() -> enqueue(NewTask.of("moving")))
        .isInstanceOf(InvalidInputException.class);
    Task second = enqueue(NewTask.of("moving").input(Map.of("b", 2)));

    assertThat(first.queue()).isEqualTo("default");
    assertThat(second.queue()).isEqualTo("slow");
    assertThat(second.input()).isEqualTo(Map.of("a", 1, "b", 2));
    assertThat(all("moving")).containsExactly(second, first);
  }

  @Test
  void aDefinitionThatWasDeletedElsewhereIsUnknown() {
    plinth.as(alice).run(tx -> definitions.define(tx, NewTaskDefinition.of("dying")));
    enqueue(NewTask.of("dying"));
    plinth.as(alice).run(tx -> new TaskDefinitions().delete(tx, "dying"));

    assertThatThrownBy(() -> enqueue(NewTask.of("dying"))).isInstanceOf(NotFoundException.class);
  }

  @Test
  void aDefinitionThatWasRolledBackIsNotRemembered() {
    NewTaskDefinition strict =
        NewTaskDefinition.of("undone").inputSchema(Map.of("required", List.of("b")));
    plinth.as(alice).run(tx -> definitions.define(tx, NewTaskDefinition.of("undone")));
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          definitions.define(tx, strict);
                          tasks.enqueue(tx, NewTask.of("undone").input(Map.of("b", 1)));
                          throw new IllegalStateException("host fails");
                        }))
        .hasMessage("host fails");
    plinth
        .as(alice)
        .run(tx -> definitions.define(tx, NewTaskDefinition.of("undone").queue("slow")));

    Task task = enqueue(NewTask.of("undone"));

    assertThat(task.queue()).isEqualTo("slow");
  }

  private List<Task> all(String definition) {
    return plinth
        .as(alice)
        .read(tx -> tasks.list(tx, TaskFilter.all().definition(definition), PageRequest.first(10)))
        .items();
  }

  private Task enqueue(NewTask task) {
    return plinth.as(alice).call(tx -> tasks.enqueue(tx, task));
  }
}
