package dev.plinth.tasks.triage;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.board.NewWorkItem;
import dev.plinth.testing.Probes;
import java.util.UUID;
import java.util.function.Function;

/** Rows in the table of triage, and calls of its service, for the standing contracts. */
public final class TriageContent {

  private static final PageRequest PAGE = PageRequest.first(10);
  private static final TriageFilter ALL = TriageFilter.all();
  private static final NewTriageItem CRASH = NewTriageItem.titled("The editor crashes");

  private static final TriageItems ITEMS = new TriageItems();

  /** What one organization has. */
  public record Written(UUID user, UUID item) {}

  private TriageContent() {}

  public static Written fill(Plinth plinth, Member member) {
    UUID item = plinth.as(member).call(tx -> ITEMS.report(tx, CRASH)).id();
    return new Written(member.userId(), item);
  }

  public static <T> void probes(Probes<T> probes, Function<T, Written> of) {
    probes
        .reads("triage item", (tx, own, other) -> ITEMS.get(tx, of.apply(own).item()))
        .reads("triage items", (tx, own, other) -> ITEMS.list(tx, ALL, PAGE))
        .reads(
            "similar triage items",
            (tx, own, other) -> ITEMS.similar(tx, "editor crashes", ALL, PAGE))
        .writes("report", (tx, own, other) -> ITEMS.report(tx, CRASH))
        .writes(
            "resolve and reopen",
            (tx, own, other) -> {
              ITEMS.resolve(tx, of.apply(own).item(), 1, "Done");
              return ITEMS.changeStatus(tx, of.apply(own).item(), 2, TriageStatus.PENDING);
            })
        .writes(
            "become a work item",
            (tx, own, other) -> ITEMS.become(tx, of.apply(own).item(), 1, crash(tx, own, of)))
        .writes(
            "update a triage item",
            (tx, own, other) ->
                ITEMS.update(tx, of.apply(own).item(), 1, TriageChanges.none().category("bug")));
    refusals(probes, of);
  }

  private static <T> void refusals(Probes<T> probes, Function<T, Written> of) {
    probes
        .refuses("another's triage item", (tx, own, other) -> ITEMS.get(tx, of.apply(other).item()))
        .refuses(
            "update another's triage item",
            (tx, own, other) ->
                ITEMS.update(tx, of.apply(other).item(), 1, TriageChanges.none().category("bug")))
        .refuses(
            "resolve another's triage item",
            (tx, own, other) -> ITEMS.resolve(tx, of.apply(other).item(), 1, "Mine"))
        .refuses(
            "reject another's triage item",
            (tx, own, other) ->
                ITEMS.changeStatus(tx, of.apply(other).item(), 1, TriageStatus.REJECTED))
        .refuses(
            "make a work item of another's",
            (tx, own, other) -> ITEMS.become(tx, of.apply(other).item(), 1, crash(tx, own, of)))
        .refuses(
            "assign a triage item to a stranger",
            (tx, own, other) -> ITEMS.report(tx, CRASH.assignedTo(of.apply(other).user())));
  }

  private static <T> NewWorkItem crash(TenantTx tx, T own, Function<T, Written> of) {
    return ITEMS.get(tx, of.apply(own).item()).asTask();
  }
}
