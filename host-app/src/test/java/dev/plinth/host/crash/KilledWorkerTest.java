package dev.plinth.host.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker that is killed loses no task, and does nothing twice that is in the database. */
@PlinthTest(TasksModule.class)
@Timeout(300)
class KilledWorkerTest {

  private static final int KILLS = 10;
  private static final Duration TAKEOVER = Duration.ofSeconds(2);

  /** All of them together call fewer handlers than there are tasks: each is killed at its work. */
  private static final int MOST_EACH = Effects.TASKS / KILLS - 200;

  @Test
  void tenTimesInARunOfTwentyThousandTasks(
      Plinth plinth, TasksModule tasks, TestDatabase database, Organization acme, Member alice)
      throws SQLException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Effects effects = new Effects(database.superuser());
    effects.enqueue(plinth, tasks, acme.id(), alice.userId());
    List<WorkerProcess> workers = new ArrayList<>();
    for (int i = 0; i < KILLS; i++) {
      try (WorkerProcess worker = start(database, workers)) {
        worker.awaitBegun(1 + random.nextInt(MOST_EACH));
      }
    }
    try (WorkerProcess last = start(database, workers)) {
      Eventually.is("all done, seed " + seed, effects::allDone);
    }

    effects.assertExactlyOnce(workers);
    System.out.printf("KilledWorkerTest: seed %d, %d attempts lost%n", seed, effects.lost());
    assertThat(effects.lost()).as("seed " + seed).isPositive();
  }

  private static WorkerProcess start(TestDatabase database, List<WorkerProcess> workers) {
    String name = "worker-" + workers.size();
    WorkerProcess worker = WorkerProcess.start(name, database.hostUrl(), TAKEOVER);
    workers.add(worker);
    return worker;
  }
}
