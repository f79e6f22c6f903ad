package dev.plinth.tasks.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PlinthTest(TasksModule.class)
class TaskDefinitionsTest {

  private static final NewTaskDefinition FULL =
      NewTaskDefinition.of("full")
          .handler("Indexer.index")
          .queue("slow")
          .priority(Priority.LOW)
          .timeout(Duration.ofMinutes(1))
          .retry(RetryPolicy.standard().attempts(3).backoff(Duration.ofSeconds(2), 3).jitter(0.5))
          .atMost(7)
          .atMostPerKey(2)
          .inputSchema(Map.of("type", "object"))
          .defaultInput(Map.of("path", "/"))
          .resourceRequirements(Map.of("memory", "1g"))
          .metadata(Map.of("team", "search"));

  private Plinth plinth;
  private TaskDefinitions definitions;
  private Member alice;

  @BeforeEach
  void who(Plinth plinth, TaskDefinitions definitions, Organization acme, Member alice) {
    this.plinth = plinth;
    this.definitions = definitions;
    this.alice = alice;
  }

  @Test
  void whatIsSaidIsStored() {
    TaskDefinition full = define(FULL);

    assertThat(full.handler()).isEqualTo("Indexer.index");
    assertThat(full.queue()).isEqualTo("slow");
    assertThat(full.priority()).isEqualTo(Priority.LOW);
    assertThat(full.timeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(full.retry())
        .isEqualTo(new RetryPolicy(3, Duration.ofSeconds(2), 3, Duration.ofHours(1), 0.5));
    assertThat(full.limits()).isEqualTo(new Limits(7, 2));
    assertThat(full.inputSchema()).contains(Map.of("type", "object"));
    assertThat(full.defaultInput()).isEqualTo(Map.of("path", "/"));
    assertThat(full.resourceRequirements()).isEqualTo(Map.of("memory", "1g"));
    assertThat(full.metadata()).isEqualTo(Map.of("team", "search"));
    TaskDefinition seen = plinth.as(alice).read(tx -> definitions.get(tx, full.id()));
    assertThat(seen).isEqualTo(full);
  }

  @Test
  void whatIsSaidAgainChangesNothingAndWhatDiffersIsBroughtUpToDate() {
    TaskDefinition first = define(NewTaskDefinition.of("again").atMost(3));
    TaskDefinition same = define(NewTaskDefinition.of("again").atMost(3));
    TaskDefinition other = define(NewTaskDefinition.of("again").queue("slow"));

    assertThat(same).isEqualTo(first);
    assertThat(other.id()).isEqualTo(first.id());
    assertThat(other.version()).isEqualTo(2);
    assertThat(other.queue()).isEqualTo("slow");
    assertThat(other.limits()).isEqualTo(Limits.NONE);
  }

  @Test
  void hostsThatStartAtOnceMakeOneDefinition() throws Exception {
    CyclicBarrier together = new CyclicBarrier(6);
    ExecutorService hosts = Executors.newFixedThreadPool(6);
    try {
      Callable<UUID> start =
          () -> {
            together.await();
            return define(NewTaskDefinition.of("at-once")).id();
          };
      List<Future<UUID>> ids = IntStream.range(0, 6).mapToObj(i -> hosts.submit(start)).toList();
      UUID first = ids.get(0).get();
      for (Future<UUID> id : ids) {
        assertThat(id.get()).isEqualTo(first);
      }
    } finally {
      hosts.shutdownNow();
    }
  }

  @Test
  void eachOrganizationHasItsOwn(Organization globex, Member gina) {
    TaskDefinition own = define(NewTaskDefinition.of("shared").queue("a"));
    TaskDefinition other =
        plinth
            .as(gina)
            .call(tx -> definitions.define(tx, NewTaskDefinition.of("shared").queue("b")));

    assertThat(other.id()).isNotEqualTo(own.id());
    TaskDefinition seen = plinth.as(alice).read(tx -> definitions.getByName(tx, "shared"));
    assertThat(seen).isEqualTo(own);
    assertThatThrownBy(() -> plinth.as(alice).read(tx -> definitions.get(tx, other.id())))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void theyAreListedByNameWithoutDeletedOnes(Organization initech, Member ines) {
    for (String name : List.of("c", "a", "d", "b")) {
      plinth.as(ines).call(tx -> definitions.define(tx, NewTaskDefinition.of(name)));
    }
    plinth.as(ines).run(tx -> definitions.delete(tx, "c"));

    Page<TaskDefinition> first =
        plinth.as(ines).read(tx -> definitions.list(tx, PageRequest.first(2)));
    Page<TaskDefinition> second =
        plinth
            .as(ines)
            .read(tx -> definitions.list(tx, PageRequest.after(first.next().orElseThrow(), 2)));

    assertThat(first.items()).extracting(TaskDefinition::name).containsExactly("a", "b");
    assertThat(second.items()).extracting(TaskDefinition::name).containsExactly("d");
    assertThat(second.next()).isEmpty();
  }

  @Test
  void aDeletedOneIsGoneByNameAndItsNameIsFree() {
    TaskDefinition first = define(NewTaskDefinition.of("gone"));
    plinth.as(alice).run(tx -> definitions.delete(tx, "gone"));

    assertThatThrownBy(() -> plinth.as(alice).run(tx -> definitions.delete(tx, "gone")))
        .isInstanceOf(NotFoundException.class);
    TaskDefinition byId = plinth.as(alice).read(tx -> definitions.get(tx, first.id()));
    assertThat(byId.deletedAt()).isPresent();
    assertThat(define(NewTaskDefinition.of("gone")).id()).isNotEqualTo(first.id());
  }

  @Test
  void tasksThatWaitLearnOfALimit(Tasks tasks) {
    define(NewTaskDefinition.of("limited"));
    Task task = plinth.as(alice).call(tx -> tasks.enqueue(tx, NewTask.of("limited")));

    define(NewTaskDefinition.of("limited").atMostPerKey(1));
    assertThat(isLimited(task)).isTrue();

    define(NewTaskDefinition.of("limited"));
    assertThat(isLimited(task)).isFalse();
  }

  @Test
  void onlyWhoAdministersDefines(
      Tasks tasks,
      Organization acme,
      Member dan,
      @Role(MemberRole.ADMIN) Member ada,
      @Role(MemberRole.PROJECT_MANAGER) Member pia,
      @Role(MemberRole.VIEWER) Member victor) {
    plinth.as(ada).run(tx -> definitions.define(tx, NewTaskDefinition.of("deputy")));
    plinth
        .asService(acme.id(), "host")
        .run(tx -> definitions.define(tx, NewTaskDefinition.of("deputy").handler("Deputy")));

    for (Member other : List.of(dan, pia, victor)) {
      assertRefused(other, tx -> definitions.define(tx, NewTaskDefinition.of("deputy").atMost(1)));
      assertRefused(other, tx -> definitions.define(tx, NewTaskDefinition.of("own")));
      assertRefused(other, tx -> definitions.delete(tx, "deputy"));
    }
    TaskDefinition deputy = plinth.as(dan).read(tx -> definitions.getByName(tx, "deputy"));
    assertThat(deputy.handler()).isEqualTo("Deputy");
    Task enqueued = plinth.as(dan).call(tx -> tasks.enqueue(tx, NewTask.of("deputy")));
    assertThat(enqueued.definitionId()).isEqualTo(deputy.id());
  }

  /** With SQL of their own. */
  @Test
  void othersReachNoDefinition(Organization acme, Member dan) {
    define(NewTaskDefinition.of("deputy"));

    assertRefused(
        dan,
        tx ->
            tx.dsl()
                .execute(
                    "INSERT INTO plinth_tasks.task_definitions (organization_id, name, handler)"
                        + " VALUES (?, 'own', 'Deputy')",
                    tx.organizationId()));
    int changed =
        plinth
            .as(dan)
            .call(
                tx ->
                    tx.dsl()
                        .execute(
                            "UPDATE plinth_tasks.task_definitions SET handler = 'Other', max_running = 1"));
    assertThat(changed).isZero();
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> NewTaskDefinition.of("IndexRepository"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessage(
            "name must be lower-case letters, digits, dots, hyphens and underscores, a letter first:"
                + " IndexRepository");
    assertThatThrownBy(() -> NewTaskDefinition.of("x").handler("in dex"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("handler must be letters, digits");
    assertThatThrownBy(() -> NewTaskDefinition.of("x").queue("Slow"))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> NewTaskDefinition.of("x").timeout(Duration.ZERO))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> NewTaskDefinition.of("x").atMost(0))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> RetryPolicy.standard().attempts(0))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> RetryPolicy.standard().backoff(Duration.ofDays(1), 2))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> RetryPolicy.standard().jitter(Double.NaN))
        .isInstanceOf(InvalidValueException.class);
  }

  private void assertRefused(Member who, Consumer<TenantTx> work) {
    assertThatThrownBy(() -> plinth.as(who).run(work::accept))
        .isInstanceOf(AccessDeniedException.class);
  }

  private boolean isLimited(Task task) {
    return plinth
        .as(alice)
        .read(
            tx ->
                tx.dsl()
                    .fetchSingle(
                        "SELECT is_limited FROM plinth_tasks.tasks WHERE id = ?", task.id())
                    .get(0, Boolean.class));
  }

  private TaskDefinition define(NewTaskDefinition definition) {
    return plinth.as(alice).call(tx -> definitions.define(tx, definition));
  }
}
