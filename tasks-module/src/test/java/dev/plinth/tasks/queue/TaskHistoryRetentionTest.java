package dev.plinth.tasks.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What attempts left behind goes by itself, without anybody having asked for it. */
@PlinthTest(TasksModule.class)
class TaskHistoryRetentionTest {

  @AfterEach
  void reset(SettableClock clock) {
    clock.reset();
  }

  @Test
  void linesGoAfterThirtyDaysAttemptsAndUsageAfterNinety(
      Plinth plinth, SettableClock clock, Organization acme, Member alice) {
    QueueContent.Written old = QueueContent.fill(plinth, alice);
    assertThat(history(plinth, alice)).isEqualTo("attempts 1, lines 1, usage 1");

    clock.advance(Duration.ofDays(29));
    plinth.jobs().runNow("base.partition-maintenance");
    assertThat(history(plinth, alice)).isEqualTo("attempts 1, lines 1, usage 1");

    clock.advance(Duration.ofDays(3));
    plinth.jobs().runNow("base.partition-maintenance");
    assertThat(history(plinth, alice)).isEqualTo("attempts 1, lines 0, usage 1");

    clock.advance(Duration.ofDays(60));
    plinth.jobs().runNow("base.partition-maintenance");
    assertThat(history(plinth, alice)).isEqualTo("attempts 0, lines 0, usage 0");
    Task task = plinth.as(alice).read(tx -> new Tasks().get(tx, old.waiting()));
    assertThat(task.status()).isEqualTo(TaskStatus.PENDING);
  }

  private static String history(Plinth plinth, Member member) {
    String counts =
        """
        SELECT format('attempts %s, lines %s, usage %s',
          (SELECT count(*) FROM plinth_tasks.task_attempts), (SELECT count(*) FROM plinth_tasks.task_execution_logs),
          (SELECT count(*) FROM plinth_tasks.task_resource_usage))
        """;
    return plinth.as(member).read(tx -> tx.dsl().fetchSingle(counts).get(0, String.class));
  }
}
