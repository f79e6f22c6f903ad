package dev.plinth.host.crash;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers live through the death of the server: no task is lost, none is done twice. */
@Timeout(300)
class KilledServerTest {

  private static final int KILLS = 3;
  private static final Duration TAKEOVER = Duration.ofSeconds(3);

  @Test
  void threeTimesInARunOfTwentyThousandTasks() throws SQLException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (KillableServer server = new KillableServer()) {
      server.useEmptyDatabase();
      Effects effects = filled(server);
      try (WorkerProcess worker = WorkerProcess.start("worker", server.hostUrl(), TAKEOVER)) {
        for (int i = 0; i < KILLS; i++) {
          int begun = worker.begun().size();
          worker.awaitBegun(begun + 1 + random.nextInt(Effects.TASKS / KILLS - 1000));
          server.kill();
          server.restart();
        }
        Eventually.is("all done, seed " + seed, effects::allDone);
        effects.assertExactlyOnce(List.of(worker));
      }
      System.out.printf("KilledServerTest: seed %d, %d attempts lost%n", seed, effects.lost());
    }
  }

  private static Effects filled(KillableServer server) throws SQLException {
    TasksModule tasks = new TasksModule();
    Plinth plinth = server.plinth(tasks);
    plinth.migrate();
    User alice =
        plinth.asSystem("test").call(tx -> plinth.users().create(tx, NewUser.named("Alice")));
    NewOrganization described = NewOrganization.of("acme", "Acme").ownedBy(alice.id());
    Organization acme =
        plinth.asSystem("test").call(tx -> plinth.organizations().create(tx, described));
    Effects effects = new Effects(server.superuser());
    effects.enqueue(plinth, tasks, acme.id(), alice.id());
    return effects;
  }
}
