package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.board.Assignment;
import dev.plinth.tasks.board.NewWorkItem;
import dev.plinth.tasks.board.WorkItem;
import dev.plinth.tasks.board.WorkItemFilter;
import dev.plinth.tasks.board.WorkItemStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Development data of the board: an epic, and three weeks of work on it, each step of which was
 * taken on its day; so burndown, cycle times and forecasts have something to tell.
 */
final class BoardSeed {

  private static final String EPIC = "Land on the moon";
  private static final int NEVER = -1;

  /** The last day of the epic, from now on. */
  private static final Duration END = Duration.ofDays(14);

  /**
   * The life of a task.
   *
   * @param made how many days ago, as all of them
   */
  private record Life(String title, int points, int made, int started, int done) {}

  private static final List<Life> LIVES =
      List.of(
          new Life("Write the guidance equations", 5, 21, 20, 17),
          new Life("Weave the core rope memory", 8, 21, 19, 13),
          new Life("Test the descent engine", 5, 21, 17, 14),
          new Life("Sew the suits", 3, 21, 16, 12),
          new Life("Simulate the descent", 5, 20, 13, 9),
          new Life("Name the program alarms", 2, 18, 11, 10),
          new Life("Choose a landing site", 3, 21, 9, 6),
          new Life("Train the crew", 8, 21, 8, 2),
          new Life("Pack the flag", 1, 7, 4, 3),
          new Life("Calibrate the radar", 5, 15, 3, NEVER),
          new Life("Write the flight plan", 3, 12, 2, NEVER),
          new Life("Land", 13, 21, NEVER, NEVER),
          new Life("Plan the quarantine", 2, 5, NEVER, NEVER));

  private final Plinth plinth;
  private final TasksModule tasks;
  private final Member owner;
  private final Instant today;
  private Instant now;

  BoardSeed(Hosted hosted, Member owner) {
    this.owner = owner;
    this.today = hosted.plinth().as(owner).read(TenantTx::now);
    this.now = today;
    Hosted then = hosted.at(() -> now);
    this.plinth = then.plinth();
    this.tasks = then.tasks();
  }

  void plant(List<Member> members) {
    WorkItem epic = at(21, tx -> found(tx, NewWorkItem.epic(EPIC).endingAt(today.plus(END))));
    LIVES.forEach(life -> live(life, epic));
    at(3, this::letWait);
    members.stream()
        .filter(member -> member.role() == MemberRole.DEVELOPER)
        .findFirst()
        .ifPresent(member -> at(2, tx -> give(tx, member)));
  }

  private void live(Life life, WorkItem epic) {
    NewWorkItem task = NewWorkItem.task(life.title()).points(life.points()).partOf(epic.id());
    WorkItem item = at(life.made(), tx -> found(tx, task));
    if (life.started() != NEVER && item.status() == WorkItemStatus.TODO) {
      WorkItem before = item;
      item = at(life.started(), tx -> become(tx, before, WorkItemStatus.IN_PROGRESS));
    }
    if (life.done() != NEVER && item.status() == WorkItemStatus.IN_PROGRESS) {
      WorkItem before = item;
      at(life.done(), tx -> become(tx, before, WorkItemStatus.DONE));
    }
  }

  private WorkItem become(TenantTx tx, WorkItem item, WorkItemStatus status) {
    return tasks.workItems().changeStatus(tx, item.id(), item.version(), status);
  }

  private boolean letWait(TenantTx tx) {
    WorkItem radar = find(tx, "Calibrate the radar").orElseThrow();
    WorkItem landing = find(tx, "Land").orElseThrow();
    return tasks.workItemDependencies().add(tx, radar.id(), landing.id());
  }

  private WorkItem give(TenantTx tx, Member member) {
    WorkItem radar = find(tx, "Calibrate the radar").orElseThrow();
    Assignment to = Assignment.to(MemberRole.DEVELOPER, member.userId());
    return radar.assignment().equals(to)
        ? radar
        : tasks.workItems().handOver(tx, radar.id(), radar.version(), to);
  }

  private WorkItem found(TenantTx tx, NewWorkItem item) {
    return find(tx, item.title()).orElseGet(() -> tasks.workItems().create(tx, item));
  }

  private Optional<WorkItem> find(TenantTx tx, String title) {
    return tasks.workItems().list(tx, WorkItemFilter.all(), Seed.ALL).items().stream()
        .filter(item -> item.title().equals(title))
        .findFirst();
  }

  private interface Step<T> {
    T in(TenantTx tx);
  }

  private <T> T at(int daysAgo, Step<T> step) {
    now = today.minus(Duration.ofDays(daysAgo));
    return plinth.as(owner).call(step::in);
  }
}
