package dev.plinth.tasks.board;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.flow.Ageing;
import dev.plinth.tasks.flow.Days;
import dev.plinth.tasks.flow.Flow;
import dev.plinth.tasks.flow.FlowScope;
import dev.plinth.tasks.flow.ForecastRequest;
import dev.plinth.tasks.flow.Forecasts;
import dev.plinth.testing.Probes;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.function.Function;

/** What the standing contracts need of this package. */
public final class BoardContent {

  private static final PageRequest PAGE = PageRequest.first(10);
  private static final WorkItemFilter ALL = WorkItemFilter.all();
  private static final NewWorkItem ITEM = NewWorkItem.task("Paint it");

  private static final WorkItems ITEMS = new WorkItems();
  private static final WorkItemDependencies DEPENDENCIES = new WorkItemDependencies();

  private static final Flow FLOW = new Flow();
  private static final Forecasts FORECASTS = new Forecasts();

  private BoardContent() {}

  /** What was made for an organization; all of it for every member. */
  public record Written(UUID user, UUID story, UUID task, UUID blocker) {}

  /** Fills every table of the board. */
  public static Written fill(Plinth plinth, Member member) {
    return plinth
        .as(member)
        .call(
            tx -> {
              UUID story = ITEMS.create(tx, NewWorkItem.story("A house").points(3)).id();
              UUID task = ITEMS.create(tx, ITEM.partOf(story)).id();
              UUID blocker = ITEMS.create(tx, NewWorkItem.task("Buy paint")).id();
              DEPENDENCIES.add(tx, blocker, task);
              started(tx, "Being painted");
              UUID painted = started(tx, "Painted");
              ITEMS.changeStatus(tx, painted, 2, WorkItemStatus.DONE);
              return new Written(member.userId(), story, task, blocker);
            });
  }

  private static UUID started(TenantTx tx, String title) {
    UUID id = ITEMS.create(tx, NewWorkItem.task(title)).id();
    ITEMS.changeStatus(tx, id, 1, WorkItemStatus.IN_PROGRESS);
    return id;
  }

  /** Every call of the board's services. */
  public static <T> void probes(Probes<T> probes, Function<T, Written> of) {
    reads(probes, of);
    readsOfFlow(probes, of);
    writes(probes, of);
    refusals(probes, of);
  }

  private static <T> void reads(Probes<T> probes, Function<T, Written> of) {
    probes
        .reads("work item", (tx, own, other) -> ITEMS.get(tx, of.apply(own).task()))
        .reads("work items", (tx, own, other) -> ITEMS.list(tx, ALL, PAGE))
        .reads("parts", (tx, own, other) -> ITEMS.children(tx, of.apply(own).story(), PAGE))
        .reads(
            "transitions of a work item",
            (tx, own, other) -> ITEMS.transitions(tx, of.apply(own).task(), PAGE))
        .reads(
            "blockers", (tx, own, other) -> DEPENDENCIES.blockersOf(tx, of.apply(own).task(), PAGE))
        .reads(
            "what is blocked",
            (tx, own, other) -> DEPENDENCIES.blockedBy(tx, of.apply(own).blocker(), PAGE));
  }

  private static <T> void readsOfFlow(Probes<T> probes, Function<T, Written> of) {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    Days days = Days.of(today.minusDays(3), today.plusDays(1), ZoneOffset.UTC);
    FlowScope all = FlowScope.all();
    ForecastRequest request =
        ForecastRequest.of(all, today.plusDays(1), ZoneOffset.UTC).items(1).trials(100);
    Ageing later = Ageing.at(days.end());
    probes
        .reads("burndown", (tx, own, other) -> FLOW.burndown(tx, all, days))
        .reads(
            "burndown of a story",
            (tx, own, other) -> FLOW.burndown(tx, all.within(of.apply(own).story()), days))
        .reads("throughput", (tx, own, other) -> FLOW.throughput(tx, all, days))
        .reads(
            "weekly throughput",
            (tx, own, other) -> FLOW.weeklyThroughput(tx, all, days, DayOfWeek.MONDAY))
        .reads("cycle times", (tx, own, other) -> FLOW.cycleTimes(tx, all, days))
        .reads("ageing", (tx, own, other) -> FLOW.ageing(tx, all, later))
        .reads("forecast", (tx, own, other) -> FORECASTS.finish(tx, request))
        .reads(
            "back-test", (tx, own, other) -> FORECASTS.backTest(tx, request, today.minusDays(3), 1))
        .reads(
            "burndown of another's story",
            (tx, own, other) -> FLOW.burndown(tx, all.within(of.apply(other).story()), days));
  }

  private static <T> void writes(Probes<T> probes, Function<T, Written> of) {
    probes
        .writes("make a work item", (tx, own, other) -> ITEMS.create(tx, ITEM))
        .writes(
            "update a work item",
            (tx, own, other) ->
                ITEMS.update(
                    tx, of.apply(own).task(), 1, WorkItemChanges.none().title("Paint it red")))
        .writes(
            "change the status of a work item",
            (tx, own, other) ->
                ITEMS.changeStatus(tx, of.apply(own).blocker(), 1, WorkItemStatus.IN_PROGRESS))
        .writes(
            "hand over a work item",
            (tx, own, other) ->
                ITEMS.handOver(tx, of.apply(own).task(), 1, Assignment.to(of.apply(own).user())))
        .writes(
            "place a work item",
            (tx, own, other) -> ITEMS.place(tx, of.apply(own).blocker(), of.apply(own).story()))
        .writes(
            "move a work item",
            (tx, own, other) -> ITEMS.move(tx, of.apply(own).task(), 1, of.apply(own).blocker()))
        .writes(
            "let a work item wait",
            (tx, own, other) -> DEPENDENCIES.add(tx, of.apply(own).task(), of.apply(own).story()))
        .writes(
            "let a work item wait no more",
            (tx, own, other) ->
                DEPENDENCIES.remove(tx, of.apply(own).blocker(), of.apply(own).task()))
        .writes(
            "delete a work item",
            (tx, own, other) -> {
              ITEMS.delete(tx, of.apply(own).task(), 1);
              return "deleted";
            });
  }

  private static <T> void refusals(Probes<T> probes, Function<T, Written> of) {
    refusedReads(probes, of);
    refusedLinks(probes, of);
    probes
        .refuses(
            "update another's work item",
            (tx, own, other) ->
                ITEMS.update(tx, of.apply(other).task(), 1, WorkItemChanges.none().title("Mine")))
        .refuses(
            "change the status of another's work item",
            (tx, own, other) ->
                ITEMS.changeStatus(tx, of.apply(other).blocker(), 1, WorkItemStatus.IN_PROGRESS))
        .refuses(
            "hand over another's work item",
            (tx, own, other) ->
                ITEMS.handOver(tx, of.apply(other).task(), 1, Assignment.toNobody()))
        .refuses(
            "hand over to a stranger",
            (tx, own, other) ->
                ITEMS.handOver(tx, of.apply(own).task(), 1, Assignment.to(of.apply(other).user())))
        .refuses(
            "make for a stranger",
            (tx, own, other) ->
                ITEMS.create(tx, ITEM.assigned(Assignment.to(of.apply(other).user()))))
        .refuses(
            "delete another's work item",
            (tx, own, other) -> {
              ITEMS.delete(tx, of.apply(other).task(), 1);
              return "deleted";
            });
  }

  private static <T> void refusedReads(Probes<T> probes, Function<T, Written> of) {
    probes
        .refuses("another's work item", (tx, own, other) -> ITEMS.get(tx, of.apply(other).task()))
        .refuses(
            "parts of another's",
            (tx, own, other) -> ITEMS.children(tx, of.apply(other).story(), PAGE))
        .refuses(
            "transitions of another's work item",
            (tx, own, other) -> ITEMS.transitions(tx, of.apply(other).task(), PAGE))
        .refuses(
            "blockers of another's",
            (tx, own, other) -> DEPENDENCIES.blockersOf(tx, of.apply(other).task(), PAGE))
        .refuses(
            "blocked by another's",
            (tx, own, other) -> DEPENDENCIES.blockedBy(tx, of.apply(other).blocker(), PAGE));
  }

  private static <T> void refusedLinks(Probes<T> probes, Function<T, Written> of) {
    probes
        .refuses(
            "make part of another's",
            (tx, own, other) -> ITEMS.create(tx, ITEM.partOf(of.apply(other).story())))
        .refuses(
            "place in another's",
            (tx, own, other) -> ITEMS.place(tx, of.apply(own).task(), of.apply(other).story()))
        .refuses(
            "place another's",
            (tx, own, other) -> ITEMS.place(tx, of.apply(other).task(), of.apply(own).story()))
        .refuses(
            "move behind another's",
            (tx, own, other) -> ITEMS.move(tx, of.apply(own).task(), 1, of.apply(other).task()))
        .refuses(
            "wait for another's",
            (tx, own, other) ->
                DEPENDENCIES.add(tx, of.apply(other).blocker(), of.apply(own).task()))
        .refuses(
            "let another's wait",
            (tx, own, other) ->
                DEPENDENCIES.add(tx, of.apply(own).blocker(), of.apply(other).task()))
        .refuses(
            "let another's wait no more",
            (tx, own, other) ->
                DEPENDENCIES.remove(tx, of.apply(other).blocker(), of.apply(other).task()));
  }
}
