package dev.plinth.tasks.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many hosts look after the same schedules. */
@PlinthTest(TasksModule.class)
@Timeout(120)
class ScheduleRacesTest {

  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final String WAITING =
      """
      SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')
      """;

  private static final int HOSTS = 8;
  private static final int SCHEDULES = 12;
  private static final int MINUTES = 8;

  @AfterEach
  void reset(SettableClock clock) {
    clock.reset();
  }

  @Test
  void eightHostsEnqueueEachInstantExactlyOnce(
      Plinth plinth,
      TaskSchedules schedules,
      TaskDefinitions definitions,
      SettableClock clock,
      TestDatabase database,
      Organization acme,
      Member alice)
      throws Exception {
    clock.freezeAt(NOON);
    List<UUID> ids = minutely(plinth, schedules, definitions, alice);
    List<Scheduled> hosts =
        IntStream.range(0, HOSTS).mapToObj(i -> new Scheduled(database, clock)).toList();

    ExecutorService threads = Executors.newFixedThreadPool(HOSTS);
    try {
      for (int minute = 1; minute <= MINUTES; minute++) {
        clock.freezeAt(NOON.plusSeconds(60L * minute));
        List<Callable<Object>> looks = new ArrayList<>();
        hosts.forEach(host -> looks.add(host::lookAfter));
        for (Future<Object> look : threads.invokeAll(looks)) {
          look.get();
        }
      }
    } finally {
      threads.shutdownNow();
    }

    List<Instant> each =
        IntStream.rangeClosed(1, MINUTES).mapToObj(i -> NOON.plusSeconds(60L * i)).toList();
    assertThat(ids)
        .allSatisfy(id -> assertThat(hosts.get(0).instants(plinth, alice, id)).isEqualTo(each));
  }

  @Test
  void whoChangesAScheduleThatIsDueJustNowBringsNothingBack(
      Plinth plinth,
      TaskSchedules schedules,
      TaskDefinitions definitions,
      SettableClock clock,
      TestDatabase database,
      Organization acme,
      Member alice)
      throws Exception {
    clock.freezeAt(NOON);
    UUID id = minutely(plinth, schedules, definitions, alice).get(0);
    Scheduled host = new Scheduled(database, clock);
    clock.freezeAt(NOON.plusSeconds(60));
    DueSchedules due = new DueSchedules();
    TaskScheduleChanges changes =
        TaskScheduleChanges.none().recurrence(Recurrence.of("* * * * *", "Europe/Berlin"));
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<TaskSchedule> changed =
          plinth
              .asService(alice.organizationId(), "test")
              .call(
                  tx -> {
                    assertThat(due.enqueue(tx, id)).isTrue();
                    clock.freezeAt(NOON.plusSeconds(30));
                    Future<TaskSchedule> change =
                        threads.submit(
                            () -> plinth.as(alice).call(t -> schedules.update(t, id, 1, changes)));
                    Eventually.is("the change waits", () -> waits(database));
                    return change;
                  });
      assertThat(changed.get().nextRunAt()).contains(NOON.plusSeconds(120));
    } finally {
      threads.shutdownNow();
    }
    clock.freezeAt(NOON.plusSeconds(60));
    host.lookAfter();

    assertThat(host.instants(plinth, alice, id)).containsExactly(NOON.plusSeconds(60));
  }

  private static boolean waits(TestDatabase database) {
    try (Connection connection = database.superuser().getConnection();
        PreparedStatement statement = connection.prepareStatement(WAITING);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() && rows.getBoolean(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<UUID> minutely(
      Plinth plinth, TaskSchedules schedules, TaskDefinitions definitions, Member member) {
    return plinth
        .as(member)
        .call(
            tx -> {
              definitions.define(tx, NewTaskDefinition.of("scan"));
              return IntStream.range(0, SCHEDULES)
                  .mapToObj(
                      i ->
                          NewTaskSchedule.of("s" + i, "scan", Recurrence.of("* * * * *", "UTC"))
                              .missedRuns(MissedRunPolicy.values()[i % 3]))
                  .map(schedule -> schedules.create(tx, schedule).id())
                  .toList();
            });
  }
}
