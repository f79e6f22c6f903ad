package dev.plinth.tasks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.queue.NewTask;
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

  private static final int TASKS = 400;
  private static final int KEYS = 4;
  private static final int LIMIT = 5;
  private static final int LIMIT_PER_KEY = 2;

  /** How many run, how many ran at once at most, and how many are done. */
  private static final class Gauge {

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    void begin() {
      most.accumulateAndGet(running.incrementAndGet(), Math::max);
    }

    void end() {
      running.decrementAndGet();
      done.incrementAndGet();
    }
  }

  private final Map<String, Gauge> gauges = new ConcurrentHashMap<>();
  private Floor floor;
  private TestDatabase database;

  @BeforeEach
  void setUp(Plinth plinth, TestDatabase database, Organization acme, Member alice) {
    this.floor = new Floor(plinth, alice);
    this.database = database;
  }

  @Test
  void ofADefinitionBesideOneThatHasNone() {
    enqueue(NewTaskDefinition.of("limited").atMost(LIMIT));
    enqueue(NewTaskDefinition.of("free"));

    workOnThreeHosts("limited", "free");

    assertThat(gauge("limited").most.get()).isBetween(2, LIMIT);
    assertThat(gauge("free").most.get()).isGreaterThan(LIMIT);
  }

  @Test
  void ofAKey() {
    enqueue(NewTaskDefinition.of("keyed").atMostPerKey(LIMIT_PER_KEY));

    workOnThreeHosts("keyed");

    assertKeysWithin("keyed");
    assertThat(gauge("keyed").most.get()).isGreaterThan(LIMIT_PER_KEY);
  }

  @Test
  void ofBoth() {
    enqueue(NewTaskDefinition.of("both").atMost(LIMIT).atMostPerKey(LIMIT_PER_KEY));

    workOnThreeHosts("both");

    assertKeysWithin("both");
    assertThat(gauge("both").most.get()).isBetween(LIMIT_PER_KEY + 1, LIMIT);
  }

  private void assertKeysWithin(String definition) {
    for (int key = 0; key < KEYS; key++) {
      Gauge gauge = gauge(definition + key);
      assertThat(gauge.done.get()).isEqualTo(TASKS / KEYS);
      assertThat(gauge.most.get()).isBetween(1, LIMIT_PER_KEY);
    }
  }

  private void enqueue(NewTaskDefinition definition) {
    floor.define(definition);
    floor.enqueueAll(
        IntStream.range(0, TASKS).mapToObj(i -> task(definition.name(), i % KEYS)).toList());
  }

  private static NewTask task(String definition, int key) {
    return NewTask.of(definition).concurrencyKey("key-" + key).input(Map.of("key", key));
  }

  private void workOnThreeHosts(String... definitions) {
    try (Host first = host();
        Host second = host();
        Host third = host()) {
      Eventually.is("all done", () -> allDone(definitions));
    }
  }

  private boolean allDone(String... definitions) {
    return List.of(definitions).stream().allMatch(name -> gauge(name).done.get() == TASKS);
  }

  private Host host() {
    return Host.start(
        database,
        worker ->
            worker
                .handler("limited", this::measured)
                .handler("free", this::measured)
                .handler("keyed", this::measured)
                .handler("both", this::measured));
  }

  private Object measured(TaskContext task) throws InterruptedException {
    Gauge all = gauge(task.definition());
    Gauge own = gauge(task.definition() + task.input().get("key"));
    all.begin();
    own.begin();
    TimeUnit.MILLISECONDS.sleep(3);
    own.end();
    all.end();
    return true;
  }

  private Gauge gauge(String name) {
    return gauges.computeIfAbsent(name, key -> new Gauge());
  }
}
