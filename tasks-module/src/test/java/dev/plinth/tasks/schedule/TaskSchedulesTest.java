package dev.plinth.tasks.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.InvalidInputException;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.SettableClock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How schedules are made and changed. */
@PlinthTest(TasksModule.class)
class TaskSchedulesTest {

  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final Recurrence NIGHTLY = Recurrence.of("30 2 * * *", "Europe/Berlin");

  private static final NewTaskSchedule NIGHT =
      NewTaskSchedule.of("night", "scan", NIGHTLY).input(Map.of("path", "/src"));

  private Plinth plinth;
  private TaskSchedules schedules;
  private TaskDefinitions definitions;
  private SettableClock clock;
  private Member alice;

  @BeforeEach
  void define(
      Plinth plinth,
      TaskSchedules schedules,
      TaskDefinitions definitions,
      SettableClock clock,
      Organization acme,
      Member alice) {
    this.plinth = plinth;
    this.schedules = schedules;
    this.definitions = definitions;
    this.clock = clock;
    this.alice = alice;
    Map<String, Object> schema =
        Map.of(
            "properties", Map.of("path", Map.of("type", "string"), "depth", Map.of("const", 1)),
            "required", List.of("path"));
    plinth
        .as(alice)
        .call(tx -> definitions.define(tx, NewTaskDefinition.of("scan").inputSchema(schema)));
    clock.freezeAt(NOON);
  }

  @AfterEach
  void reset() {
    clock.reset();
  }

  @Test
  void aScheduleIsStoredAsItWasSaid() {
    Recurrence bounded = NIGHTLY.startingAt(NOON).endingAt(NOON.plusSeconds(86_400));
    TaskSchedule made =
        create(
            NewTaskSchedule.of("night", "scan", bounded)
                .input(Map.of("path", "/src"))
                .instantAs("at")
                .missedRuns(MissedRunPolicy.ALL)
                .metadata(Map.of("owner", "ops")));

    assertThat(made.recurrence()).isEqualTo(bounded);
    assertThat(made.input()).isEqualTo(Map.of("path", "/src"));
    assertThat(made.instantMember()).contains("at");
    assertThat(made.missedRuns()).isEqualTo(MissedRunPolicy.ALL);
    assertThat(made.metadata()).isEqualTo(Map.of("owner", "ops"));
    assertThat(made.nextRunAt()).contains(Instant.parse("2026-11-21T01:30:00Z"));
    assertThat(made.lastRun()).isEmpty();
    assertThat(made.failure()).isEmpty();
    assertThat(made.pausedAt()).isEmpty();
    assertThat(get(made.id())).isEqualTo(made);
    assertThat(plinth.as(alice).read(tx -> schedules.findByName(tx, "night")).orElseThrow())
        .isEqualTo(made);
  }

  @Test
  void schedulesAreListedByName() {
    Stream.of("c", "a", "b").forEach(name -> create(named(name)));

    Page<TaskSchedule> first =
        plinth.as(alice).read(tx -> schedules.list(tx, PageRequest.first(2)));
    Page<TaskSchedule> second =
        plinth
            .as(alice)
            .read(tx -> schedules.list(tx, PageRequest.after(first.next().orElseThrow(), 2)));

    assertThat(first.items().stream().map(TaskSchedule::name)).containsExactly("a", "b");
    assertThat(second.items().stream().map(TaskSchedule::name)).containsExactly("c");
    assertThat(second.next()).isEmpty();
  }

  @Test
  void whatCannotRecurIsNoRecurrence() {
    assertField("minute", () -> Recurrence.of("60 * * * *", "UTC"));
    assertField("cron", () -> Recurrence.of("* * *", "UTC"));
    assertField("cron", () -> Recurrence.of("0 0 30 2 *", "UTC"));
    assertField("timeZone", () -> Recurrence.of("0 0 * * *", "Europe/Atlantis"));
    assertField("timeZone", () -> Recurrence.of("0 0 * * *", "+02:00"));
    assertField("timeZone", () -> new Recurrence(NIGHTLY.cron(), ZoneId.of("+02:00"), null, null));
    assertField("endsAt", () -> NIGHTLY.startingAt(NOON).endingAt(NOON));
  }

  @Test
  void whatIsRefusedIsNotThere() {
    create(NIGHT);

    assertRefused(NIGHT.input(Map.of("path", "/other")), ConflictException.class);
    assertRefused(NewTaskSchedule.of("x", "unheard-of", NIGHTLY), NotFoundException.class);
    assertRefused(named("x").input(Map.of()), InvalidInputException.class);
    assertRefused(named("x").instantAs("depth"), InvalidInputException.class);

    List<TaskSchedule> all =
        plinth.as(alice).read(tx -> schedules.list(tx, PageRequest.first(10))).items();
    assertThat(all.stream().map(TaskSchedule::input)).containsExactly(NIGHT.input());
  }

  @Test
  void aChangeOfTheRecurrenceCountsFromNow() {
    TaskSchedule made = create(NIGHT);
    clock.freezeAt(NOON.plusSeconds(3600));

    TaskSchedule changed =
        update(
            made, TaskScheduleChanges.none().recurrence(Recurrence.of("0 9 * * *", "Asia/Tokyo")));

    assertThat(changed.nextRunAt()).contains(Instant.parse("2026-11-21T00:00:00Z"));
    assertThat(changed.countedFrom()).isEqualTo(NOON.plusSeconds(3600));
    assertThat(changed.cron()).isEqualTo("0 9 * * *");
    assertThat(changed.timeZone()).isEqualTo("Asia/Tokyo");
    assertThat(changed.version()).isEqualTo(2);
    assertThat(changed.updatedAt()).isEqualTo(NOON.plusSeconds(3600));
  }

  @Test
  void aChangeOfWhatIsEnqueuedIsHeldAgainstTheDefinition() {
    TaskSchedule made = create(NIGHT);
    TaskScheduleChanges none = TaskScheduleChanges.none();

    for (TaskScheduleChanges wrong :
        List.of(none.input(Map.of("path", 7)), none.instantAs("depth"))) {
      assertThatThrownBy(() -> update(made, wrong)).isInstanceOf(InvalidInputException.class);
    }
    assertThatThrownBy(() -> update(made, none.definition("unheard-of")))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> update(made, none)).isInstanceOf(InvalidValueException.class);
    assertThat(get(made.id())).isEqualTo(made);
    TaskSchedule changed = update(made, none.input(Map.of("path", "/")).name("evening"));
    assertThat(changed.input()).isEqualTo(Map.of("path", "/"));
    assertThat(changed.name()).isEqualTo("evening");
    assertThat(changed.nextRunAt()).isEqualTo(made.nextRunAt());
  }

  @Test
  void whatChangedSinceIsNotOverwritten() {
    TaskSchedule made = create(NIGHT);
    TaskSchedule changed = update(made, TaskScheduleChanges.none().name("evening"));

    assertThatThrownBy(() -> update(made, TaskScheduleChanges.none().name("morning")))
        .isInstanceOf(StaleVersionException.class);
    assertThatThrownBy(() -> plinth.as(alice).run(tx -> schedules.delete(tx, made.id(), 1)))
        .isInstanceOf(StaleVersionException.class);
    assertThat(get(made.id())).isEqualTo(changed);
  }

  @Test
  void aPausedScheduleRestsUntilItIsResumed() {
    UUID id = create(NIGHT).id();

    TaskSchedule paused = plinth.as(alice).call(tx -> schedules.pause(tx, id));
    TaskSchedule again = plinth.as(alice).call(tx -> schedules.pause(tx, id));
    TaskSchedule changed =
        update(paused, TaskScheduleChanges.none().recurrence(Recurrence.of("@hourly", "UTC")));

    assertThat(paused.pausedAt()).contains(NOON);
    assertThat(paused.pausedBy()).contains(alice.userId());
    assertThat(again).isEqualTo(paused);
    assertThat(changed.nextRunAt()).isEmpty();
    assertThat(upcoming(id, 3)).isEmpty();
    clock.freezeAt(NOON.plusSeconds(1800));
    TaskSchedule resumed = plinth.as(alice).call(tx -> schedules.resume(tx, id));
    assertThat(resumed.pausedAt()).isEmpty();
    assertThat(resumed.pausedBy()).isEmpty();
    assertThat(resumed.nextRunAt()).contains(NOON.plusSeconds(3600));
    TaskSchedule stays = plinth.as(alice).call(tx -> schedules.resume(tx, id));
    assertThat(stays).isEqualTo(resumed);
  }

  @Test
  void tellsWhatComesNext() {
    UUID id =
        create(
                NewTaskSchedule.of(
                        "few", "scan", NIGHTLY.endingAt(Instant.parse("2026-11-23T00:00:00Z")))
                    .input(Map.of("path", "/")))
            .id();

    assertThat(upcoming(id, 2).stream().map(Instant::toString))
        .containsExactly("2026-11-21T01:30:00Z", "2026-11-22T01:30:00Z");
    assertThat(upcoming(id, 1000)).hasSize(2);
    assertThatThrownBy(() -> upcoming(id, 1001)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void aDeletedScheduleIsGoneAndItsNameIsFree() {
    UUID id = create(NIGHT).id();
    plinth.as(alice).run(tx -> schedules.pause(tx, id));

    plinth.as(alice).run(tx -> schedules.delete(tx, id, 2));

    UUID other = create(NIGHT).id();
    assertThat(other).isNotEqualTo(id);
    List<Consumer<TenantTx>> calls =
        List.of(
            tx -> schedules.get(tx, id),
            tx -> schedules.update(tx, id, 3, TaskScheduleChanges.none().name("x")),
            tx -> schedules.pause(tx, id),
            tx -> schedules.resume(tx, id),
            tx -> schedules.upcoming(tx, id, 1),
            tx -> schedules.delete(tx, id, 3));
    assertThat(calls)
        .allSatisfy(
            call ->
                assertThatThrownBy(() -> plinth.as(alice).run(call::accept))
                    .isInstanceOf(NotFoundException.class));
  }

  @Test
  void onlyWhoAdministersMakesAndChangesThem(
      Organization acme,
      Member dan,
      @Role(MemberRole.ADMIN) Member ada,
      @Role(MemberRole.VIEWER) Member victor) {
    UUID id = plinth.as(ada).call(tx -> schedules.create(tx, NIGHT)).id();
    List<Consumer<TenantTx>> calls =
        List.of(
            tx -> schedules.create(tx, named("other")),
            tx -> schedules.update(tx, id, 1, TaskScheduleChanges.none().name("x")),
            tx -> schedules.pause(tx, id),
            tx -> schedules.resume(tx, id),
            tx -> schedules.delete(tx, id, 1));

    for (Member other : List.of(dan, victor)) {
      assertThat(calls)
          .allSatisfy(
              call ->
                  assertThatThrownBy(() -> plinth.as(other).run(call::accept))
                      .isInstanceOf(AccessDeniedException.class));
    }
    int changed =
        plinth
            .as(dan)
            .call(tx -> tx.dsl().execute("UPDATE plinth_tasks.task_schedules SET input = '{}'"));
    assertThat(changed).isZero();
    assertThat(plinth.as(victor).read(tx -> schedules.get(tx, id)).version()).isEqualTo(1);
    plinth.asService(acme.id(), "host").run(tx -> schedules.delete(tx, id, 1));
  }

  private static NewTaskSchedule named(String name) {
    return NewTaskSchedule.of(name, "scan", NIGHTLY).input(Map.of("path", "/src"));
  }

  private TaskSchedule create(NewTaskSchedule schedule) {
    return plinth.as(alice).call(tx -> schedules.create(tx, schedule));
  }

  private TaskSchedule update(TaskSchedule seen, TaskScheduleChanges changes) {
    return plinth.as(alice).call(tx -> schedules.update(tx, seen.id(), seen.version(), changes));
  }

  private TaskSchedule get(UUID id) {
    return plinth.as(alice).read(tx -> schedules.get(tx, id));
  }

  private List<Instant> upcoming(UUID id, int most) {
    return plinth.as(alice).read(tx -> schedules.upcoming(tx, id, most));
  }

  private void assertRefused(NewTaskSchedule schedule, Class<? extends Exception> type) {
    assertThatThrownBy(() -> create(schedule)).isInstanceOf(type);
  }

  private static void assertField(String field, Runnable making) {
    assertThatThrownBy(making::run)
        .isInstanceOfSatisfying(
            InvalidValueException.class, e -> assertThat(e.component()).isEqualTo(field));
  }
}
