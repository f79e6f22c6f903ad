package dev.plinth.host.pooler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.plinth.base.Plinth;
import dev.plinth.base.notification.NewNotification;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.tasks.worker.TaskContext;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host whose every transaction, its worker's too, goes through PgBouncer in transaction mode, on
 * one server connection. Skipped where the package {@code pgbouncer} is not installed.
 */
@Timeout(120)
@PlinthTest(TasksModule.class)
class PooledWorkerTest {

  private static final int TASKS = 200;

  /** Longer than anything here takes: who polls so rarely has to be told. */
  private static final Duration RARELY = Duration.ofHours(1);

  private static final Duration SOON = Duration.ofMillis(200);

  @TempDir private Path directory;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final TasksModule tasks = new TasksModule();
  private TestDatabase database;
  private Member alice;

  @BeforeEach
  void setUp(
      Plinth direct, TasksModule module, TestDatabase database, Organization acme, Member alice) {
    assumeTrue(
        PgBouncer.installed().isPresent(), "PgBouncer is not installed: apt-get install pgbouncer");
    this.database = database;
    this.alice = alice;
    direct
        .as(alice)
        .run(
            tx -> {
              module.taskDefinitions().define(tx, NewTaskDefinition.of("work"));
              module.taskDefinitions().define(tx, NewTaskDefinition.of("wait"));
            });
  }

  @Test
  void isWokenByWhoEnqueuesIfItListensOnADirectConnection() throws Exception {
    try (PgBouncer bouncer = PgBouncer.inFrontOf(database, directory, "");
        HikariDataSource pool = pool(bouncer);
        Plinth plinth = host(pool, database.host(), RARELY)) {
      doOne(plinth);

      List<UUID> ids = enqueue(plinth);

      Eventually.is("all done", () -> done(plinth) == 1 + TASKS);
      int told = plinth.as(alice).read(tx -> plinth.notifications().unreadCount(tx));
      assertThat(told).isEqualTo(1 + ids.size());
    }
  }

  @Test
  void withoutOneItFindsWhatWasEnqueuedAndCancelledByLooking() throws Exception {
    try (PgBouncer bouncer = PgBouncer.inFrontOf(database, directory, "");
        HikariDataSource pool = pool(bouncer);
        Plinth plinth = host(pool, pool, SOON)) {
      doOne(plinth);
      UUID id = plinth.as(alice).call(tx -> tasks.tasks().enqueue(tx, NewTask.of("wait"))).id();
      begun.await();

      plinth.as(alice).run(tx -> tasks.tasks().cancel(tx, id));

      Eventually.is("cancelled", () -> get(plinth, id).status() == TaskStatus.CANCELLED);
    }
  }

  private void doOne(Plinth plinth) {
    UUID id = plinth.as(alice).call(tx -> tasks.tasks().enqueue(tx, NewTask.of("work"))).id();
    Eventually.is("done", () -> get(plinth, id).status() == TaskStatus.SUCCEEDED);
  }

  private List<UUID> enqueue(Plinth plinth) {
    List<NewTask> many = Collections.nCopies(TASKS, NewTask.of("work"));
    return plinth.as(alice).call(tx -> tasks.tasks().enqueueAll(tx, many));
  }

  private Task get(Plinth plinth, UUID id) {
    return plinth.as(alice).read(tx -> tasks.tasks().get(tx, id));
  }

  private int done(Plinth plinth) {
    return plinth
        .as(alice)
        .read(
            tx ->
                tx.dsl()
                    .fetchSingle(
                        "SELECT count(*) FROM plinth_tasks.tasks WHERE status = 'succeeded'")
                    .get(0, Integer.class));
  }

  private Plinth host(DataSource pool, DataSource listening, Duration polling) {
    Plinth plinth =
        Plinth.builder()
            .dataSource(pool)
            .listeningDataSource(listening)
            .modules(tasks)
            .closeWithin(Duration.ofSeconds(10))
            .build();
    tasks
        .worker()
        .concurrency(4)
        .polling(polling)
        .takeover(Duration.ofSeconds(2))
        .handler("work", task -> work(plinth, task))
        .handler("wait", this::wait)
        .register();
    plinth.start();
    return plinth;
  }

  private Object work(Plinth plinth, TaskContext task) {
    NewNotification news = NewNotification.of(alice.userId(), "done", task.taskId().toString());
    return task.inTransaction(tx -> plinth.notifications().notify(tx, news).isPresent());
  }

  private Object wait(TaskContext task) throws InterruptedException {
    begun.countDown();
    never.await();
    return task.attempt();
  }

  private static HikariDataSource pool(PgBouncer bouncer) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(bouncer.url() + "&prepareThreshold=0");
    pool.setMaximumPoolSize(10);
    return pool;
  }
}
