package dev.plinth.tasks.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.organization.OrganizationStatus;
import dev.plinth.base.page.PageRequest;
import dev.plinth.tasks.Listening;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.queue.Task;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of schedules when their time comes. */
@PlinthTest(TasksModule.class)
class DueSchedulesTest {

  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final Recurrence HOURLY = Recurrence.of("0 * * * *", "UTC");

  private final DueSchedules due = new DueSchedules();

  private Plinth plinth;
  private TaskSchedules schedules;
  private TaskDefinitions definitions;
  private SettableClock clock;
  private Scheduled scheduled;
  private Member alice;

  @BeforeEach
  void define(
      Plinth plinth,
      TaskSchedules schedules,
      TaskDefinitions definitions,
      SettableClock clock,
      TestDatabase database,
      Organization acme,
      Member alice) {
    this.plinth = plinth;
    this.schedules = schedules;
    this.definitions = definitions;
    this.clock = clock;
    this.scheduled = new Scheduled(database, clock);
    this.alice = alice;
    plinth.as(alice).call(tx -> definitions.define(tx, NewTaskDefinition.of("scan")));
    clock.freezeAt(NOON);
  }

  /** What a test leaves would owe much at the time of the next. */
  @AfterEach
  void reset() {
    plinth
        .as(alice)
        .run(
            tx ->
                schedules
                    .list(tx, PageRequest.first(10))
                    .items()
                    .forEach(left -> schedules.delete(tx, left.id(), left.version())));
    clock.reset();
  }

  @Test
  void enqueuesATaskForEachInstant() {
    UUID id =
        create(
                NewTaskSchedule.of("hourly", "scan", HOURLY)
                    .input(Map.of("path", "/src"))
                    .instantAs("scheduledFor"))
            .id();

    assertThat(scheduled.lookAfter()).isEqualTo(Duration.ofHours(1));
    assertThat(instants(id)).isEmpty();
    lookAt("2026-11-20T12:59:59.999999Z");
    assertThat(instants(id)).isEmpty();
    lookAt("2026-11-20T13:00:00Z");
    lookAt("2026-11-20T14:00:01Z");

    List<Task> tasks = scheduled.tasks(plinth, alice, id);
    assertThat(tasks.stream().map(Task::input))
        .containsExactly(
            Map.of("path", "/src", "scheduledFor", "2026-11-20T13:00:00Z"),
            Map.of("path", "/src", "scheduledFor", "2026-11-20T14:00:00Z"));
    assertThat(tasks).allMatch(task -> task.subject().orElseThrow().type().equals("task_schedule"));
    TaskSchedule after = get(id);
    assertThat(after.lastRun())
        .contains(new TaskSchedule.Run(Instant.parse("2026-11-20T14:00:00Z"), tasks.get(1).id()));
    assertThat(after.nextRunAt()).contains(Instant.parse("2026-11-20T15:00:00Z"));
    assertThat(after.version()).isEqualTo(1);
  }

  @Test
  void saysWhenToLookAgain() {
    create(NewTaskSchedule.of("hourly", "scan", HOURLY));
    clock.freezeAt(Instant.parse("2026-11-20T12:59:50Z"));

    assertThat(scheduled.lookAfter()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void aTimeThatIsLeftOutInSpringHasOneTask() {
    clock.freezeAt(Instant.parse("2026-03-28T00:00:00Z"));
    UUID id =
        create(NewTaskSchedule.of("night", "scan", Recurrence.of("30 2 * * *", "Europe/Berlin")))
            .id();

    lookEveryHalfHourUntil("2026-03-31T00:00:00Z");

    assertThat(instants(id).stream().map(Instant::toString))
        .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
  }

  @Test
  void aTimeThatComesTwiceInAutumnHasOneTaskAndWhatRecursAsTheClockRunsGoesOn() {
    clock.freezeAt(Instant.parse("2026-10-24T12:00:00Z"));
    UUID named =
        create(NewTaskSchedule.of("night", "scan", Recurrence.of("30 2 * * *", "Europe/Berlin")))
            .id();
    UUID wild =
        create(NewTaskSchedule.of("half", "scan", Recurrence.of("*/30 * * * *", "Europe/Berlin")))
            .id();

    lookEveryHalfHourUntil("2026-10-26T12:00:00Z");

    assertThat(instants(named).stream().map(Instant::toString))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    assertThat(instants(wild))
        .isEqualTo(
            IntStream.rangeClosed(1, 96)
                .mapToObj(i -> Instant.parse("2026-10-24T12:00:00Z").plusSeconds(1800L * i))
                .toList());
  }

  @Test
  void afterADayWithoutWorkersThePolicySaysWhatIsMadeUpFor() {
    clock.freezeAt(Instant.parse("2026-11-20T12:30:00Z"));
    UUID skip = hourly("skip", MissedRunPolicy.SKIP);
    UUID one = hourly("one", MissedRunPolicy.ONE);
    UUID all = hourly("all", MissedRunPolicy.ALL);

    lookAt("2026-11-21T12:30:00Z");

    assertThat(instants(skip)).isEmpty();
    assertThat(instants(one)).containsExactly(Instant.parse("2026-11-21T12:00:00Z"));
    assertThat(instants(all))
        .isEqualTo(
            IntStream.rangeClosed(1, 24).mapToObj(i -> NOON.plusSeconds(3600L * i)).toList());
    assertThat(List.of(skip, one, all))
        .allSatisfy(
            id -> assertThat(get(id).nextRunAt()).contains(Instant.parse("2026-11-21T13:00:00Z")));
  }

  @Test
  void whatIsOnTimeHasItsTaskWhateverThePolicySays() {
    UUID skip = hourly("skip", MissedRunPolicy.SKIP);
    UUID one = hourly("one", MissedRunPolicy.ONE);
    UUID all = hourly("all", MissedRunPolicy.ALL);

    lookAt("2026-11-20T15:01:00Z");
    lookAt("2026-11-20T16:01:00.000001Z");

    assertThat(instants(skip).stream().map(Instant::toString))
        .containsExactly("2026-11-20T15:00:00Z");
    assertThat(instants(one).stream().map(Instant::toString))
        .containsExactly("2026-11-20T15:00:00Z", "2026-11-20T16:00:00Z");
    assertThat(instants(all)).hasSize(4);
  }

  @Test
  void aBacklogIsCaughtUpWithInOrderAndInParts() {
    UUID id =
        create(
                NewTaskSchedule.of("minutes", "scan", Recurrence.of("* * * * *", "UTC"))
                    .missedRuns(MissedRunPolicy.ALL))
            .id();
    clock.freezeAt(NOON.plus(Duration.ofMinutes(250)));

    assertThat(scheduled.once()).isZero();
    assertThat(instants(id)).hasSize(Due.MOST);
    assertThat(get(id).nextRunAt()).contains(NOON.plusSeconds(60L * (Due.MOST + 1)));
    scheduled.lookAfter();

    assertThat(instants(id))
        .isEqualTo(IntStream.rangeClosed(1, 250).mapToObj(i -> NOON.plusSeconds(60L * i)).toList());
  }

  @Test
  void aScheduleOfSecondsThatSleptForAYearIsNotCountedThrough() {
    UUID id =
        create(NewTaskSchedule.of("seconds", "scan", Recurrence.of("* 0-29 * * * *", "UTC"))).id();

    lookAt("2027-11-20T12:45:00Z");

    assertThat(instants(id)).containsExactly(Instant.parse("2027-11-20T12:29:59Z"));
  }

  @Test
  void whoDiesBetweenClaimAndCommitLosesNothing() {
    UUID id = hourly("hourly", MissedRunPolicy.ONE);
    clock.freezeAt(NOON.plusSeconds(3600));

    assertThatThrownBy(
            () ->
                plinth
                    .asService(alice.organizationId(), "test")
                    .run(
                        tx -> {
                          assertThat(due.enqueue(tx, id)).isTrue();
                          throw new IllegalStateException("host dies");
                        }))
        .hasMessage("host dies");
    assertThat(instants(id)).isEmpty();
    scheduled.lookAfter();

    assertThat(instants(id)).containsExactly(NOON.plusSeconds(3600));
  }

  @Test
  void aClockThatGoesBackBringsNothingBack() {
    UUID id = hourly("hourly", MissedRunPolicy.ALL);
    lookAt("2026-11-20T14:00:00Z");

    lookAt("2026-11-20T12:30:00Z");
    change(id, TaskScheduleChanges.none().recurrence(Recurrence.of("0 * * * *", "Etc/UTC")));
    plinth.as(alice).run(tx -> schedules.pause(tx, id));
    plinth.as(alice).run(tx -> schedules.resume(tx, id));
    lookAt("2026-11-20T13:00:00Z");
    lookAt("2026-11-20T14:00:00Z");
    assertThat(instants(id)).hasSize(2);
    lookAt("2026-11-20T15:00:00Z");

    assertThat(instants(id).stream().map(Instant::toString))
        .containsExactly("2026-11-20T13:00:00Z", "2026-11-20T14:00:00Z", "2026-11-20T15:00:00Z");
  }

  @Test
  void anInstantThatIsOneNoLongerHasNoTask() {
    UUID id =
        create(NewTaskSchedule.of("night", "scan", Recurrence.of("30 2 * * *", "Europe/Berlin")))
            .id();
    set(id, "next_run_at = '2026-11-20T13:30:00Z'");

    lookAt("2026-11-20T13:30:00Z");

    assertThat(instants(id)).isEmpty();
    assertThat(get(id).nextRunAt()).contains(Instant.parse("2026-11-21T01:30:00Z"));
  }

  @Test
  void anInstantThatHadItsTaskHasNoOther() {
    UUID id = hourly("hourly", MissedRunPolicy.ALL);
    lookAt("2026-11-20T13:00:00Z");
    set(id, "counted_from = '2026-11-20T12:30:00Z', next_run_at = '2026-11-20T13:00:00Z'");

    scheduled.lookAfter();

    assertThat(instants(id)).containsExactly(Instant.parse("2026-11-20T13:00:00Z"));
    assertThat(get(id).nextRunAt()).contains(Instant.parse("2026-11-20T14:00:00Z"));
  }

  @Test
  void whatCameWhileItWasPausedIsNotMadeUpFor() {
    UUID id = hourly("hourly", MissedRunPolicy.ALL);
    plinth.as(alice).run(tx -> schedules.pause(tx, id));

    lookAt("2026-11-20T14:30:00Z");
    assertThat(instants(id)).isEmpty();
    plinth.as(alice).run(tx -> schedules.resume(tx, id));
    lookAt("2026-11-20T15:00:00Z");

    assertThat(instants(id)).containsExactly(Instant.parse("2026-11-20T15:00:00Z"));
  }

  @Test
  void beginsAndEndsWhenItIsTo() {
    Instant start = Instant.parse("2026-11-20T14:00:00Z");
    UUID id =
        create(
                NewTaskSchedule.of(
                        "afternoon",
                        "scan",
                        HOURLY.startingAt(start).endingAt(start.plusSeconds(7200)))
                    .missedRuns(MissedRunPolicy.ALL))
            .id();

    lookAt("2026-11-20T20:00:00Z");

    assertThat(instants(id)).containsExactly(start, start.plusSeconds(3600));
    assertThat(get(id).nextRunAt()).isEmpty();
  }

  @Test
  void aDefinitionThatIsGoneIsReportedAndTriedAgainAtTheNextInstant() {
    UUID id = hourly("hourly", MissedRunPolicy.ONE);
    plinth.as(alice).run(tx -> definitions.delete(tx, "scan"));

    lookAt("2026-11-20T13:00:00Z");

    TaskSchedule failed = get(id);
    assertThat(instants(id)).isEmpty();
    assertThat(failed.failure().orElseThrow().type()).isEqualTo("NotFoundException");
    assertThat(failed.failure().orElseThrow().at()).isEqualTo("2026-11-20T13:00:00Z");
    assertThat(failed.nextRunAt()).contains(Instant.parse("2026-11-20T14:00:00Z"));
    plinth.as(alice).call(tx -> definitions.define(tx, NewTaskDefinition.of("scan")));
    lookAt("2026-11-20T14:00:00Z");
    assertThat(instants(id)).containsExactly(Instant.parse("2026-11-20T14:00:00Z"));
    assertThat(get(id).failure()).isEmpty();
  }

  @Test
  void whatIsRefusedIsPublished(TestDatabase database) {
    UUID id = hourly("hourly", MissedRunPolicy.ONE);
    plinth.as(alice).run(tx -> definitions.delete(tx, "scan"));
    clock.freezeAt(NOON.plusSeconds(3600));
    Listening listening = new Listening();
    Plinth host =
        Plinth.builder()
            .dataSource(database.host())
            .modules(new TasksModule(), listening)
            .clock(clock)
            .build();

    host.asService(alice.organizationId(), "test")
        .run(tx -> assertThat(due.enqueue(tx, id)).isTrue());

    assertThat(listening.heard())
        .containsExactly(
            new TaskScheduleFailed(alice.organizationId(), id, NOON.plusSeconds(3600)));
  }

  @Test
  void anInputThatTheDefinitionNoLongerTakesIsReported() {
    UUID id = hourly("hourly", MissedRunPolicy.ONE);
    plinth
        .as(alice)
        .call(
            tx ->
                definitions.define(
                    tx,
                    NewTaskDefinition.of("scan").inputSchema(Map.of("required", List.of("path")))));

    lookAt("2026-11-20T13:00:00Z");

    assertThat(instants(id)).isEmpty();
    assertThat(get(id).failure().orElseThrow().type()).isEqualTo("InvalidInputException");
    assertThat(get(id).failure().orElseThrow().message()).contains("path");
  }

  @Test
  void oneThatThisHostCannotReadHindersNoOther() {
    UUID unreadable = hourly("unreadable", MissedRunPolicy.ALL);
    UUID other = hourly("other", MissedRunPolicy.ONE);
    set(unreadable, "time_zone = 'Mars/Olympus_Mons'");

    lookAt("2026-11-20T13:00:00Z");

    assertThat(instants(other)).hasSize(1);
    assertThat(get(unreadable).failure().orElseThrow().message()).contains("Mars/Olympus_Mons");
    set(unreadable, "time_zone = 'UTC'");
    lookAt("2026-11-20T14:00:00Z");
    assertThat(instants(unreadable)).hasSize(2);
  }

  @Test
  void anOrganizationThatIsNotActiveWaits(Organization globex, Member gil) {
    plinth.as(gil).call(tx -> definitions.define(tx, NewTaskDefinition.of("scan")));
    UUID theirs =
        plinth
            .as(gil)
            .call(tx -> schedules.create(tx, NewTaskSchedule.of("hourly", "scan", HOURLY)))
            .id();
    setStatus(globex, OrganizationStatus.SUSPENDED);

    clock.freezeAt(NOON.plusSeconds(3600));
    assertThat(scheduled.lookAfter()).isEqualTo(Duration.ofHours(1));
    setStatus(globex, OrganizationStatus.ACTIVE);
    scheduled.lookAfter();

    assertThat(scheduled.instants(plinth, gil, theirs)).containsExactly(NOON.plusSeconds(3600));
  }

  private UUID hourly(String name, MissedRunPolicy policy) {
    return create(NewTaskSchedule.of(name, "scan", HOURLY).missedRuns(policy)).id();
  }

  private TaskSchedule create(NewTaskSchedule schedule) {
    return plinth.as(alice).call(tx -> schedules.create(tx, schedule));
  }

  private void change(UUID id, TaskScheduleChanges changes) {
    plinth.as(alice).call(tx -> schedules.update(tx, id, schedules.get(tx, id).version(), changes));
  }

  private void lookAt(String time) {
    clock.freezeAt(Instant.parse(time));
    scheduled.lookAfter();
  }

  private void lookEveryHalfHourUntil(String end) {
    Instant last = Instant.parse(end);
    Stream.iterate(clock.instant(), at -> !at.isAfter(last), at -> at.plusSeconds(1800))
        .forEach(at -> lookAt(at.toString()));
  }

  private TaskSchedule get(UUID id) {
    return plinth.as(alice).read(tx -> schedules.get(tx, id));
  }

  private List<Instant> instants(UUID id) {
    return scheduled.instants(plinth, alice, id);
  }

  private void set(UUID id, String assignment) {
    int changed =
        plinth
            .as(alice)
            .call(
                tx ->
                    tx.dsl()
                        .execute(
                            "UPDATE plinth_tasks.task_schedules SET "
                                + assignment
                                + " WHERE organization_id = ? AND id = ?",
                            tx.organizationId(),
                            id));
    assertThat(changed).isEqualTo(1);
  }

  private void setStatus(Organization organization, OrganizationStatus status) {
    plinth
        .asSystem("test")
        .run(
            tx -> {
              int version = plinth.organizations().get(tx, organization.id()).version();
              plinth.organizations().setStatus(tx, organization.id(), version, status);
            });
  }
}
