package dev.plinth.tasks.schedule;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.page.PageRequest;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.testing.Probes;
import java.util.UUID;
import java.util.function.Function;

/** What the contracts need of schedules. */
public final class ScheduleContent {

  private static final PageRequest PAGE = PageRequest.first(10);
  private static final Recurrence NIGHTLY = Recurrence.of("30 2 * * *", "Europe/Berlin");
  private static final TaskDefinitions DEFINITIONS = new TaskDefinitions();
  private static final TaskSchedules SCHEDULES = new TaskSchedules();
  private static final DueSchedules DUE = new DueSchedules();

  private ScheduleContent() {}

  /** What was made for an organization. */
  public record Written(UUID nightly, UUID paused, UUID due) {}

  /** Rows in every table. */
  public static Written fill(Plinth plinth, Member member) {
    return plinth
        .as(member)
        .call(
            tx -> {
              DEFINITIONS.define(tx, NewTaskDefinition.of("night-work"));
              UUID nightly = SCHEDULES.create(tx, named("nightly")).id();
              UUID paused = SCHEDULES.create(tx, named("paused")).id();
              UUID due = SCHEDULES.create(tx, named("due")).id();
              SCHEDULES.pause(tx, paused);
              tx.dsl()
                  .execute(
                      """
                      UPDATE plinth_tasks.task_schedules
                      SET next_run_at = created_at, counted_from = created_at - interval '2 days'
                      WHERE organization_id = ? AND id = ?
                      """,
                      tx.organizationId(),
                      due);
              return new Written(nightly, paused, due);
            });
  }

  /** Every call. */
  public static <T> void probes(Probes<T> probes, Function<T, Written> of) {
    reads(probes, of);
    writes(probes, of);
    refusals(probes, of);
  }

  private static <T> void reads(Probes<T> probes, Function<T, Written> of) {
    probes
        .reads("schedule", (tx, own, other) -> SCHEDULES.get(tx, of.apply(own).nightly()))
        .reads("schedule of a name", (tx, own, other) -> SCHEDULES.findByName(tx, "nightly"))
        .reads("schedules", (tx, own, other) -> SCHEDULES.list(tx, PAGE));
  }

  private static <T> void writes(Probes<T> probes, Function<T, Written> of) {
    probes
        .writes("make a schedule", (tx, own, other) -> SCHEDULES.create(tx, named("third")))
        .writes(
            "change a schedule",
            (tx, own, other) ->
                SCHEDULES.update(
                    tx, of.apply(own).nightly(), 1, TaskScheduleChanges.none().name("renamed")))
        .writes(
            "pause a schedule", (tx, own, other) -> SCHEDULES.pause(tx, of.apply(own).nightly()))
        .writes(
            "resume a schedule", (tx, own, other) -> SCHEDULES.resume(tx, of.apply(own).paused()))
        .writes("what is due", (tx, own, other) -> DUE.enqueue(tx, of.apply(own).due()))
        .writes(
            "delete a schedule",
            (tx, own, other) -> {
              SCHEDULES.delete(tx, of.apply(own).nightly(), 1);
              return "deleted";
            });
  }

  private static <T> void refusals(Probes<T> probes, Function<T, Written> of) {
    TaskScheduleChanges renaming = TaskScheduleChanges.none().name("mine");
    probes
        .refuses(
            "another's schedule", (tx, own, other) -> SCHEDULES.get(tx, of.apply(other).nightly()))
        .refuses(
            "what comes next of another's",
            (tx, own, other) -> SCHEDULES.upcoming(tx, of.apply(other).nightly(), 1))
        .refuses(
            "change another's schedule",
            (tx, own, other) -> SCHEDULES.update(tx, of.apply(other).nightly(), 1, renaming))
        .refuses(
            "pause another's schedule",
            (tx, own, other) -> SCHEDULES.pause(tx, of.apply(other).nightly()))
        .refuses(
            "resume another's schedule",
            (tx, own, other) -> SCHEDULES.resume(tx, of.apply(other).paused()))
        .refuses(
            "delete another's schedule",
            (tx, own, other) -> {
              SCHEDULES.delete(tx, of.apply(other).nightly(), 1);
              return "deleted";
            });
  }

  private static NewTaskSchedule named(String name) {
    return NewTaskSchedule.of(name, "night-work", NIGHTLY);
  }
}
