package dev.plinth.tasks.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.board.Assignment;
import dev.plinth.tasks.board.NewWorkItem;
import dev.plinth.tasks.board.WorkItem;
import dev.plinth.tasks.board.WorkItemChanges;
import dev.plinth.tasks.board.WorkItemKind;
import dev.plinth.tasks.board.WorkItemStatus;
import dev.plinth.tasks.board.WorkItems;
import dev.plinth.tasks.flow.BurndownDay.Amount;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A story of a fortnight, written by the services at settable times, and what is told of it. */
@PlinthTest(TasksModule.class)
class FlowTest {

  private static final LocalDate MONDAY = LocalDate.of(2026, 3, 2);
  private static final ZoneId UTC = ZoneOffset.UTC;
  private static final FlowScope ALL = FlowScope.all();

  private Plinth plinth;
  private WorkItems items;
  private Flow flow;
  private SettableClock clock;
  private Member alice;

  @BeforeEach
  void prepare(
      Plinth plinth,
      WorkItems items,
      Flow flow,
      SettableClock clock,
      Organization acme,
      Member alice) {
    this.plinth = plinth;
    this.items = items;
    this.flow = flow;
    this.clock = clock;
    this.alice = alice;
    at(0);
  }

  @AfterEach
  void tellTheTimeAgain() {
    clock.reset();
  }

  @Test
  void aBurndownTellsWhatRemainedAndHowTheScopeChangedOnEachDay() {
    UUID paint = create(NewWorkItem.task("Paint").points(3));
    UUID build = create(NewWorkItem.story("Build").points(5));
    create(NewWorkItem.epic("House").points(100));
    at(1);
    finish(paint);
    at(2);
    change(build, WorkItemChanges.none().points(BigDecimal.valueOf(8)));
    UUID late = create(NewWorkItem.task("Clean").points(1).endingAt(day(3)));
    at(4);
    change(late, WorkItemStatus.CANCELLED);

    List<BurndownDay> days = burndown(ALL, 0, 5);

    assertThat(remaining(days)).containsExactly(2, 1, 2, 2, 1, 1);
    assertThat(series(days, day -> day.scope().items())).containsExactly(2, 2, 3, 3, 2, 2);
    assertThat(series(days, BurndownDay::completed)).containsExactly(0, 1, 0, 0, 0, 0);
    assertThat(series(days, BurndownDay::delayed)).containsExactly(0, 0, 0, 1, 0, 0);
    assertThat(days.get(0).added()).isEqualTo(amount(2, "8.00"));
    assertThat(days.get(2).added()).isEqualTo(amount(1, "4.00"));
    assertThat(days.get(2).remaining()).isEqualTo(amount(2, "9.00"));
    assertThat(days.get(4).removed()).isEqualTo(amount(1, "1.00"));
    assertThat(days.get(5).scope()).isEqualTo(amount(2, "11.00"));
  }

  @Test
  void thePastStaysWhatItWasWhenItemsAreReopenedCancelledMovedOnAndDeleted() {
    UUID sprint = UUID.randomUUID();
    UUID next = UUID.randomUUID();
    FlowScope scope = ALL.project(sprint);
    UUID reopened = create(NewWorkItem.task("Reopened").project(sprint));
    UUID deleted = create(NewWorkItem.task("Deleted").project(sprint));
    UUID carried = create(NewWorkItem.task("Carried over").project(sprint));
    UUID cancelled = create(NewWorkItem.task("Cancelled").project(sprint));
    at(1);
    finish(reopened);
    finish(deleted);
    List<BurndownDay> before = burndown(scope, 0, 1);
    List<Throughput> throughputBefore = throughput(scope, 0, 1);

    at(3);
    change(reopened, WorkItemStatus.IN_PROGRESS);
    change(cancelled, WorkItemStatus.CANCELLED);
    change(carried, WorkItemChanges.none().project(next));
    plinth.as(alice).run(tx -> items.delete(tx, deleted, items.get(tx, deleted).version()));

    assertThat(burndown(scope, 0, 1)).isEqualTo(before);
    assertThat(throughput(scope, 0, 1)).isEqualTo(throughputBefore);
    assertThat(remaining(before)).containsExactly(4, 2);
    List<BurndownDay> days = burndown(scope, 2, 4);
    assertThat(remaining(days)).containsExactly(2, 1, 1);
    assertThat(days.get(1).removed().items()).isEqualTo(3);
    assertThat(days.get(1).reopened()).isEqualTo(2);
    assertThat(remaining(burndown(ALL.project(next), 2, 4))).containsExactly(0, 1, 1);
    assertThat(throughput(scope, 0, 4)).allMatch(day -> day.items() == 0);
  }

  @Test
  void whatIsPartOfAnEpicCountsForAsLongAsItIs() {
    UUID epic = create(NewWorkItem.epic("Epic"));
    UUID story = create(NewWorkItem.story("Story").partOf(epic));
    UUID task = create(NewWorkItem.task("Task").partOf(story));
    at(1);
    create(NewWorkItem.task("Another").partOf(epic));
    create(NewWorkItem.task("Elsewhere"));
    at(2);
    plinth.as(alice).run(tx -> items.place(tx, story, null));
    at(3);
    plinth.as(alice).run(tx -> items.place(tx, task, epic));

    assertThat(remaining(burndown(ALL.within(epic), 0, 4))).containsExactly(2, 3, 1, 2, 2);
    assertThat(remaining(burndown(ALL.within(epic).kinds(WorkItemKind.STORY), 0, 4)))
        .containsExactly(1, 1, 0, 0, 0);
    assertThat(remaining(burndown(ALL.within(story), 0, 4))).containsExactly(1, 1, 1, 0, 0);
  }

  @Test
  void aDayEndsAtMidnightOfItsZone() {
    UUID task = create(NewWorkItem.task("Paint"));
    clock.freezeAt(Instant.parse("2026-03-03T23:30:00Z"));
    finish(task);

    assertThat(throughput(ALL, days(0, 3, UTC)))
        .extracting(Throughput::items)
        .containsExactly(0, 1, 0, 0);
    assertThat(throughput(ALL, days(0, 3, ZoneId.of("Europe/Berlin"))))
        .extracting(Throughput::items)
        .containsExactly(0, 0, 1, 0);
    assertThat(series(burndown(ALL, days(0, 3, ZoneId.of("+02:00"))), BurndownDay::completed))
        .containsExactly(0, 0, 1, 0);
    assertThat(series(burndown(ALL, days(0, 3, ZoneId.of("-02:00"))), BurndownDay::completed))
        .containsExactly(0, 1, 0, 0);
  }

  @Test
  void theDayOnWhichClocksChangeHasTwentyThreeHours() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    LocalDate change = LocalDate.of(2026, 3, 29);
    Days days = Days.of(change, change.plusDays(1), berlin);
    clock.freezeAt(Instant.parse("2026-03-29T21:59:59Z"));
    finish(create(NewWorkItem.task("On the day")));
    clock.freezeAt(Instant.parse("2026-03-29T22:00:00Z"));
    finish(create(NewWorkItem.task("On the next")));

    assertThat(throughput(ALL, days)).extracting(Throughput::items).containsExactly(1, 1);
  }

  @Test
  void weeksBeginWhereTheyAreSaidTo() {
    for (int day : List.of(0, 5, 6, 7)) {
      at(day);
      finish(create(NewWorkItem.task("Task")));
    }

    assertThat(weekly(DayOfWeek.MONDAY)).containsExactly(3, 1);
    assertThat(weekly(DayOfWeek.SUNDAY)).containsExactly(2, 2);
  }

  @Test
  void cycleTimeIsFromTheFirstStartToTheLastEnd() {
    UUID reopened = create(NewWorkItem.task("Reopened"));
    UUID revived = create(NewWorkItem.task("Revived"));
    start(reopened);
    start(revived);
    at(1);
    change(reopened, WorkItemStatus.DONE);
    change(revived, WorkItemStatus.CANCELLED);
    at(2);
    change(reopened, WorkItemStatus.IN_PROGRESS);
    change(reopened, WorkItemStatus.TODO);
    change(revived, WorkItemStatus.TODO);
    at(4);
    start(reopened);
    start(revived);
    at(5);
    change(reopened, WorkItemStatus.DONE);
    change(revived, WorkItemStatus.DONE);

    assertThat(cycleTimes(0, 6))
        .isEqualTo(new CycleTimes(2, Duration.ofDays(1), Duration.ofDays(5), Duration.ofDays(5)));
    assertThat(cycleTimes(0, 1))
        .isEqualTo(new CycleTimes(1, Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1)));
  }

  @Test
  void percentilesAreThoseOfItemsThatThereWere() {
    for (int i = 1; i <= 20; i++) {
      UUID task = create(NewWorkItem.task("Task"));
      start(task);
      clock.advance(Duration.ofHours(i));
      change(task, WorkItemStatus.DONE);
      clock.advance(Duration.ofHours(-i));
    }

    assertThat(cycleTimes(0, 6))
        .isEqualTo(
            new CycleTimes(20, Duration.ofHours(10), Duration.ofHours(17), Duration.ofHours(19)));
  }

  @Test
  void whatIsBeingWorkedOnIsComparedWithWhatWasDone() {
    for (int i = 1; i <= 4; i++) {
      at(0);
      UUID done = create(NewWorkItem.task("Done"));
      start(done);
      at(i);
      change(done, WorkItemStatus.DONE);
    }
    at(2);
    UUID old = create(NewWorkItem.task("Old"));
    start(old);
    at(5);
    UUID young = create(NewWorkItem.task("Young"));
    start(young);

    Instant asOf = day(5).plus(Duration.ofMinutes(1));
    List<AgeingItem> ageing = plinth.as(alice).read(tx -> flow.ageing(tx, ALL, Ageing.at(asOf)));

    assertThat(ageing).extracting(AgeingItem::workItemId).containsExactly(old, young);
    assertThat(ageing)
        .extracting(item -> item.finishedSooner().orElseThrow())
        .containsExactly(0.75, 0.0);
    assertThat(ageing.get(0).age()).isEqualTo(Duration.ofDays(3).plusMinutes(1));
    List<AgeingItem> early =
        plinth.as(alice).read(tx -> flow.ageing(tx, ALL, Ageing.at(day(0).plusSeconds(1))));
    assertThat(early).hasSize(4).allMatch(item -> item.finishedSooner().isEmpty());
  }

  @Test
  void sumsAreOfWhatWhoAsksSees(Organization acme, Member bob) {
    create(NewWorkItem.task("For all").points(1));
    finish(
        create(NewWorkItem.task("Hidden").points(2).assigned(Assignment.to(MemberRole.DESIGNER))));

    BurndownDay alices = burndown(ALL, 0, 0).get(0);
    BurndownDay bobs = plinth.as(bob).read(tx -> flow.burndown(tx, ALL, days(0, 0, UTC))).get(0);
    List<Throughput> bobsThroughput =
        plinth.as(bob).read(tx -> flow.throughput(tx, ALL, days(0, 0, UTC)));
    boolean bobsCycleTimes =
        plinth.as(bob).read(tx -> flow.cycleTimes(tx, ALL, days(0, 0, UTC))).isPresent();

    assertThat(alices.scope()).isEqualTo(amount(2, "3.00"));
    assertThat(bobs.scope()).isEqualTo(amount(1, "1.00"));
    assertThat(bobsThroughput).singleElement().matches(day -> day.items() == 0);
    assertThat(bobsCycleTimes).isFalse();
  }

  /** A model in a few lines of Java walks the same random life day by day. */
  @Test
  void aRandomLifeIsToldAsItWas() {
    Random random = new Random(7);
    UUID[] projects = {UUID.randomUUID(), UUID.randomUUID()};
    List<Modelled> model = new ArrayList<>();
    List<Integer> remaining = new ArrayList<>();
    List<Integer> scope = new ArrayList<>();
    for (int day = 0; day < 25; day++) {
      at(day);
      for (int turn = 0; turn < 8; turn++) {
        clock.advance(Duration.ofMinutes(1));
        live(model, projects, random);
      }
      remaining.add(
          (int) model.stream().filter(one -> one.in(projects[0]) && one.status.isOpen()).count());
      scope.add((int) model.stream().filter(one -> one.in(projects[0])).count());
    }

    List<BurndownDay> days = burndown(ALL.project(projects[0]), 0, 24);

    assertThat(remaining(days)).isEqualTo(remaining);
    assertThat(series(days, day -> day.scope().items())).isEqualTo(scope);
    for (int i = 1; i < days.size(); i++) {
      BurndownDay day = days.get(i);
      assertThat(day.scope().items())
          .isEqualTo(days.get(i - 1).scope().items() + day.added().items() - day.removed().items());
    }
    assertThat(days.stream().mapToInt(BurndownDay::reopened).sum()).isPositive();
  }

  private static final class Modelled {
    private final UUID id;
    private WorkItemStatus status = WorkItemStatus.TODO;
    private UUID project;
    private boolean deleted;

    Modelled(UUID id, UUID project) {
      this.id = id;
      this.project = project;
    }

    boolean in(UUID other) {
      return !deleted && status != WorkItemStatus.CANCELLED && project.equals(other);
    }
  }

  private void live(List<Modelled> model, UUID[] projects, Random random) {
    List<Modelled> living = model.stream().filter(one -> !one.deleted).toList();
    UUID project = projects[random.nextInt(2)];
    int what = living.size() < 3 ? 0 : random.nextInt(10);
    if (what < 2) {
      model.add(new Modelled(create(NewWorkItem.task("Task").project(project)), project));
      return;
    }
    Modelled one = living.get(random.nextInt(living.size()));
    UUID id = one.id;
    if (what == 2) {
      change(id, WorkItemChanges.none().project(project));
      one.project = project;
    } else if (what == 3) {
      plinth.as(alice).run(tx -> items.delete(tx, id, items.get(tx, id).version()));
      one.deleted = true;
    } else {
      WorkItemStatus next = List.of(WorkItemStatus.values()).get(random.nextInt(4));
      if (one.status.canBecome(next)) {
        change(id, next);
        one.status = next;
      }
    }
  }

  private void at(int day) {
    clock.freezeAt(day(day));
  }

  /** At noon. */
  private static Instant day(int day) {
    return MONDAY.plusDays(day).atTime(12, 0).toInstant(ZoneOffset.UTC);
  }

  private static Days days(int first, int last, ZoneId zone) {
    return Days.of(MONDAY.plusDays(first), MONDAY.plusDays(last), zone);
  }

  private UUID create(NewWorkItem item) {
    return plinth.as(alice).call(tx -> items.create(tx, item)).id();
  }

  private void start(UUID id) {
    change(id, WorkItemStatus.IN_PROGRESS);
  }

  private void finish(UUID id) {
    start(id);
    change(id, WorkItemStatus.DONE);
  }

  private void change(UUID id, WorkItemStatus status) {
    plinth.as(alice).run(tx -> items.changeStatus(tx, id, items.get(tx, id).version(), status));
  }

  private void change(UUID id, WorkItemChanges changes) {
    WorkItem changed =
        plinth.as(alice).call(tx -> items.update(tx, id, items.get(tx, id).version(), changes));
    assertThat(changed.version()).isGreaterThan(1);
  }

  private List<BurndownDay> burndown(FlowScope scope, int first, int last) {
    return burndown(scope, days(first, last, UTC));
  }

  private List<BurndownDay> burndown(FlowScope scope, Days days) {
    return plinth.as(alice).read(tx -> flow.burndown(tx, scope, days));
  }

  private List<Throughput> throughput(FlowScope scope, int first, int last) {
    return throughput(scope, days(first, last, UTC));
  }

  private List<Throughput> throughput(FlowScope scope, Days days) {
    return plinth.as(alice).read(tx -> flow.throughput(tx, scope, days));
  }

  private List<Integer> weekly(DayOfWeek weekStart) {
    List<Throughput> weeks =
        plinth.as(alice).read(tx -> flow.weeklyThroughput(tx, ALL, days(0, 8, UTC), weekStart));
    return weeks.stream().map(Throughput::items).toList();
  }

  private CycleTimes cycleTimes(int first, int last) {
    return plinth
        .as(alice)
        .read(tx -> flow.cycleTimes(tx, ALL, days(first, last, UTC)))
        .orElseThrow();
  }

  private static List<Integer> remaining(List<BurndownDay> days) {
    return series(days, day -> day.remaining().items());
  }

  private static List<Integer> series(List<BurndownDay> days, ToIntFunction<BurndownDay> figure) {
    return days.stream().mapToInt(figure).boxed().toList();
  }

  private static Amount amount(int items, String points) {
    return new Amount(items, new BigDecimal(points));
  }
}
