package dev.plinth.tasks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits of how many run at once hold over three hosts, and work goes on under them. */
@PlinthTest(TasksModule.class)
@Timeout(120)
class ConcurrencyLimitsTest {

  private static final int TASKS = 600;
  private static final int LIMIT = 5;
  private static final int LIMIT_PER_KEY = 2;

  /** How many run, and how many ran at once at most. */
  private static final class Gauge {

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    void hold() throws InterruptedException {
      most.accumulateAndGet(running.incrementAndGet(), Math::max);
      TimeUnit.MILLISECONDS.sleep(2);
      running.decrementAndGet();
      done.incrementAndGet();
    }
  }

  private final Map<String, Gauge> gauges = new ConcurrentHashMap<>();
  private Plinth plinth;
  private Tasks tasks;
  private TaskDefinitions definitions;
  private TestDatabase database;
  private Member alice;

  @BeforeEach
  void inject(
      Plinth plinth,
      Tasks tasks,
      TaskDefinitions definitions,
      TestDatabase database,
      Organization organization,
      Member alice) {
    this.plinth = plinth;
    this.tasks = tasks;
    this.definitions = definitions;
    this.database = database;
    this.alice = alice;
  }

  @Test
  void ofADefinition() {
    enqueue(NewTaskDefinition.of("limited").atMost(LIMIT), TASKS, 0);
    enqueue(NewTaskDefinition.of("free"), TASKS, 0);

    workOnThreeHosts(() -> done("limited") == TASKS && done("free") == TASKS);

    assertThat(gauge("limited").most.get()).isBetween(2, LIMIT);
    assertThat(gauge("free").most.get()).isGreaterThan(LIMIT);
  }

  @Test
  void ofAKey() {
    int keys = 4;
    enqueue(NewTaskDefinition.of("keyed").atMostPerKey(LIMIT_PER_KEY), TASKS, keys);

    workOnThreeHosts(() -> done("keyed") == TASKS);

    for (int key = 0; key < keys; key++) {
      Gauge gauge = gauge("keyed key-" + key);
      assertThat(gauge.done.get()).isEqualTo(TASKS / keys);
      assertThat(gauge.most.get()).isBetween(1, LIMIT_PER_KEY);
    }
    assertThat(gauge("keyed").most.get()).isGreaterThan(LIMIT_PER_KEY);
  }

  @Test
  void ofBoth() {
    int keys = 4;
    enqueue(
        NewTaskDefinition.of("both").atMost(LIMIT).atMostPerKey(LIMIT_PER_KEY), TASKS, keys);

    workOnThreeHosts(() -> done("both") == TASKS);

    assertThat(gauge("both").most.get()).isBetween(LIMIT_PER_KEY + 1, LIMIT);
    for (int key = 0; key < keys; key++) {
      assertThat(gauge("both key-" + key).most.get()).isBetween(1, LIMIT_PER_KEY);
    }
  }

  private void enqueue(NewTaskDefinition definition, int count, int keys) {
    List<NewTask> all =
        IntStream.range(0, count).mapToObj(i -> task(definition, i, keys)).toList();
    plinth
        .as(alice)
        .run(
            tx -> {
              definitions.define(tx, definition);
              tasks.enqueueAll(tx, all);
            });
  }

  private static NewTask task(NewTaskDefinition definition, int number, int keys) {
    NewTask task = NewTask.of(definition.name());
    if (keys == 0) {
      return task;
    }
    String key = "key-" + number % keys;
    return task.concurrencyKey(key).input(Map.of("key", key));
  }

  private void workOnThreeHosts(java.util.function.BooleanSupplier end) {
    try (Host first = host();
        Host second = host();
        Host third = host()) {
      Eventually.is("all done", end);
    }
  }

  private Host host() {
    return Host.start(
        database,
        worker ->
            worker
                .handler("limited", this::measured)
                .handler("free", this::measured)
                .handler("keyed", this::measuredByKey)
                .handler("both", this::measuredByKey));
  }

  private Object measured(TaskContext task) throws InterruptedException {
    gauge(task.definition()).hold();
    return true;
  }

  private Object measuredByKey(TaskContext task) throws InterruptedException {
    Gauge all = gauge(task.definition());
    all.most.accumulateAndGet(all.running.incrementAndGet(), Math::max);
    gauge(task.definition() + " " + task.input().get("key")).hold();
    all.running.decrementAndGet();
    all.done.incrementAndGet();
    return true;
  }

  private Gauge gauge(String name) {
    return gauges.computeIfAbsent(name, key -> new Gauge());
  }

  private int done(String name) {
    return gauge(name).done.get();
  }
}
