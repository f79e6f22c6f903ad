package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.triage.NewTriageItem;
import dev.plinth.tasks.triage.TriageFilter;
import dev.plinth.tasks.triage.TriageItem;
import dev.plinth.tasks.triage.TriageStatus;

/** Development data of triage: an item in each state of its life. */
final class TriageSeed {

  private final Plinth plinth;
  private final TasksModule tasks;
  private final Member owner;

  TriageSeed(Hosted hosted, Member owner) {
    this.plinth = hosted.plinth();
    this.tasks = hosted.tasks();
    this.owner = owner;
  }

  /** In one transaction: all of it or nothing. */
  void plant() {
    plinth.as(owner).run(this::report);
  }

  private void report(TenantTx tx) {
    if (!tasks.triageItems().list(tx, TriageFilter.all(), Seed.ALL).items().isEmpty()) {
      return;
    }
    report(tx, "The computer restarts during descent", Priority.CRITICAL);
    TriageItem radar = report(tx, "The radar steals cycles", Priority.HIGH);
    tasks.triageItems().changeStatus(tx, radar.id(), radar.version(), TriageStatus.IN_REVIEW);
    TriageItem fuel = report(tx, "The fuel gauge sloshes", Priority.MEDIUM);
    tasks.triageItems().resolve(tx, fuel.id(), fuel.version(), "Baffles were added");
    TriageItem dust = report(tx, "There may be deep dust", Priority.LOW);
    tasks.triageItems().changeStatus(tx, dust.id(), dust.version(), TriageStatus.REJECTED);
    TriageItem hatch = report(tx, "The hatch is hard to open", Priority.MEDIUM);
    tasks.triageItems().become(tx, hatch.id(), hatch.version(), hatch.asTask());
  }

  private TriageItem report(TenantTx tx, String title, Priority priority) {
    NewTriageItem item = NewTriageItem.titled(title).priority(priority).category("flight");
    return tasks.triageItems().report(tx, item);
  }
}
