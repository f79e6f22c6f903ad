package dev.plinth.tasks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.organization.OrganizationStatus;
import dev.plinth.base.organization.Organizations;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.TaskStatus;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker does for all: bounded, and in nobody's way. */
@PlinthTest(TasksModule.class)
@Timeout(120)
class UpkeepTest {

  private final UpkeepQueries queries = new UpkeepQueries();
  private Plinth plinth;
  private TestDatabase database;
  private Floor floor;
  private Organization acme;

  @BeforeEach
  void setUp(Plinth plinth, TestDatabase database, Organization acme, Member alice) {
    this.plinth = plinth;
    this.database = database;
    this.floor = new Floor(plinth, alice);
    this.acme = acme;
    floor.define(NewTaskDefinition.of("mail").handler("Mail"));
  }

  @AfterEach
  void clear() throws SQLException {
    execute("TRUNCATE plinth_tasks.tasks CASCADE");
  }

  @Test
  void whatWasPutAsideIsTakenUpSoManyAtOnce() throws SQLException {
    int all = Upkeep.MOST_TAKEN_UP + 10;
    floor.enqueueAll(IntStream.range(0, all).mapToObj(i -> NewTask.of("mail")).toList());
    execute("UPDATE plinth_tasks.tasks SET unhandled_at = now()");
    Map<UUID, List<UUID>> aside =
        plinth.asSystem("test").read(tx -> queries.unhandled(tx, Set.of("Mail", "Other")));
    assertThat(aside).containsOnlyKeys(acme.id());
    assertThat(aside.get(acme.id())).hasSize(1);

    assertThat(takenUp(aside)).isEqualTo(Upkeep.MOST_TAKEN_UP);
    assertThat(takenUp(aside)).isEqualTo(10);
    assertThat(takenUp(aside)).isZero();
  }

  @Test
  void whatNobodyHereKnowsStaysAside() throws SQLException {
    floor.enqueue(NewTask.of("mail"));
    execute("UPDATE plinth_tasks.tasks SET unhandled_at = now()");

    Map<UUID, List<UUID>> aside =
        plinth.asSystem("test").read(tx -> queries.unhandled(tx, Set.of("Other")));

    assertThat(aside).isEmpty();
  }

  private int takenUp(Map<UUID, List<UUID>> aside) {
    return plinth
        .asService(acme.id(), "worker")
        .call(
            tx ->
                queries.takeUp(
                    tx,
                    aside.getOrDefault(acme.id(), List.of()),
                    new UpkeepQueries.TakeUp(List.of("default"), Upkeep.MOST_TAKEN_UP)))
        .size();
  }

  @Test
  void moreThanIsTakenUpAtOnceIsDoneAtOnce() throws SQLException {
    int all = Upkeep.MOST_TAKEN_UP + 10;
    floor.enqueueAll(IntStream.range(0, all).mapToObj(i -> NewTask.of("mail")).toList());
    execute("UPDATE plinth_tasks.tasks SET unhandled_at = now()");

    try (Host host =
        Host.start(
            database,
            worker -> worker.polling(Duration.ofHours(1)).handler("Mail", task -> null))) {
      Eventually.is("all done", () -> floor.count(TaskStatus.SUCCEEDED) == all);
    }
  }

  @Test
  void whatWaitsInASuspendedOrganizationIsInNobodysWay(
      Organizations organizations, Organization globex, Member bob) throws SQLException {
    Floor others = new Floor(plinth, bob);
    others.define(NewTaskDefinition.of("mail").handler("Mail"));
    UUID due = others.enqueue(NewTask.of("mail"));
    UUID lost = others.enqueue(NewTask.of("mail"));
    floor.enqueueAll(List.of(NewTask.of("mail"), NewTask.of("mail")));
    suspend(organizations, acme);
    String half =
        "id IN (SELECT min(id::text)::uuid FROM plinth_tasks.tasks GROUP BY organization_id)";
    execute(
        "UPDATE plinth_tasks.tasks SET status = 'scheduled', scheduled_at = now() - interval '1 hour' WHERE "
            + half);
    execute(
        "UPDATE plinth_tasks.tasks SET status = 'running', started_at = now(), lease_token = id, lease_worker = 'gone',"
            + " lease_until = now() - interval '1 hour' WHERE NOT "
            + half);

    Map<UUID, List<UUID>> found = plinth.asSystem("test").read(tx -> queries.due(tx, 1)).tasks();
    Map<UUID, List<UUID>> left = plinth.asSystem("test").read(tx -> queries.lost(tx, 1));

    assertThat(found).containsExactlyEntriesOf(Map.of(globex.id(), List.of(due)));
    assertThat(left).containsExactlyEntriesOf(Map.of(globex.id(), List.of(lost)));
  }

  private void suspend(Organizations organizations, Organization organization) {
    plinth
        .asSystem("test")
        .run(
            tx ->
                organizations.setStatus(
                    tx,
                    organization.id(),
                    organizations.get(tx, organization.id()).version(),
                    OrganizationStatus.SUSPENDED));
  }

  /** Besides those that handlers open. */
  @Test
  void aWorkerTakesFiveConnectionsAtMost() {
    Counting counting = new Counting(database.host());
    TasksModule module = new TasksModule();
    module.worker().polling(Duration.ofMillis(50)).handler("Mail", task -> null).register();
    Plinth host = Plinth.builder().dataSource(counting.dataSource()).modules(module).build();
    try {
      host.start();
      int all = 2000;
      floor.enqueueAll(IntStream.range(0, all).mapToObj(i -> NewTask.of("mail")).toList());
      Eventually.is("all done", () -> floor.count(TaskStatus.SUCCEEDED) == all);
    } finally {
      host.close();
    }

    assertThat(counting.most()).isBetween(2, 5);
    assertThat(counting.open()).isZero();
  }

  /** Counts connections of workers that are open at the same time; jobs have theirs. */
  private record Counting(DataSource inner, AtomicInteger now, AtomicInteger peak) {

    Counting(DataSource inner) {
      this(inner, new AtomicInteger(), new AtomicInteger());
    }

    int most() {
      return peak.get();
    }

    int open() {
      return now.get();
    }

    DataSource dataSource() {
      return (DataSource)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {DataSource.class},
              (proxy, method, arguments) -> {
                Object result = invoke(inner, method, arguments);
                return result instanceof Connection connection && ofWorker()
                    ? counted(connection)
                    : result;
              });
    }

    private static boolean ofWorker() {
      return Thread.currentThread().getName().startsWith("plinth-task");
    }

    private Connection counted(Connection connection) {
      peak.accumulateAndGet(now.incrementAndGet(), Math::max);
      return (Connection)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("close")) {
                  now.decrementAndGet();
                }
                return invoke(connection, method, arguments);
              });
    }

    private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments)
        throws Throwable {
      try {
        return method.invoke(target, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
