package dev.plinth.tasks.schedule;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.telemetry.Telemetry;
import dev.plinth.base.tenancy.Tenancy;
import dev.plinth.base.tenancy.TenancySettings;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.TaskFilter;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** What workers do of schedules, when a test says so; and what came of it. */
final class Scheduled {

  private static final PageRequest PAGE = PageRequest.first(PageRequest.MAX_LIMIT);

  private final DueSchedules schedules = new DueSchedules();
  private final Tasks tasks = new Tasks();
  private final Tenancy tenancy;

  Scheduled(TestDatabase database, SettableClock clock) {
    this.tenancy =
        new Tenancy(
            new TenancySettings(database.host(), null, clock, Telemetry.NONE, null), List.of());
  }

  /** Until nothing is due; when to look again then. */
  Duration lookAfter() {
    Duration next = once();
    while (next.isZero()) {
      next = once();
    }
    return next;
  }

  Duration once() {
    return schedules.enqueue(tenancy, Duration.ofHours(1));
  }

  /** The tasks of a schedule, in the order in which they were enqueued. */
  List<Task> tasks(Plinth plinth, Member member, UUID schedule) {
    List<Task> newestFirst =
        plinth
            .as(member)
            .read(tx -> tasks.list(tx, TaskFilter.all().subject(schedule), PAGE).items());
    List<Task> oldestFirst = new ArrayList<>(newestFirst);
    Collections.reverse(oldestFirst);
    return oldestFirst;
  }

  /** For which instants it has tasks, in the order in which they were enqueued. */
  List<Instant> instants(Plinth plinth, Member member, UUID schedule) {
    String prefix = "schedule:" + schedule + ":";
    return tasks(plinth, member, schedule).stream()
        .map(task -> task.idempotencyKey().orElseThrow().substring(prefix.length()))
        .map(Instant::parse)
        .toList();
  }
}
