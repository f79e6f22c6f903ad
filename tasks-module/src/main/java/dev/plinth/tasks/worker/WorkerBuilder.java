package dev.plinth.tasks.worker;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import dev.plinth.tasks.definition.Queues;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Describes a {@link Worker}. Not thread-safe. */
public final class WorkerBuilder {

  private static final Pattern HANDLER = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,99}");
  private static final int NAME_LENGTH = 200;
  private static final int MOST_THREADS = 1000;
  private static final int MOST_AT_ONCE = 1000;
  private static final Duration SHORTEST_TAKEOVER = Duration.ofSeconds(2);

  private final Workers workers;
  private final Map<String, TaskHandler> handlers = new LinkedHashMap<>();
  private final List<Class<? extends Throwable>> neverRetried = new ArrayList<>();
  private List<String> queues = List.of(Queues.DEFAULT);
  private int concurrency = 10;
  private int batchSize = 200;
  private Duration takeover = Duration.ofSeconds(30);
  private Duration polling = Duration.ofSeconds(1);
  private String name =
      ManagementFactory.getRuntimeMXBean().getName()
          + "-"
          + UUID.randomUUID().toString().substring(0, 8);
  private TaskTelemetry telemetry = TaskTelemetry.NONE;

  WorkerBuilder(Workers workers) {
    this.workers = workers;
  }

  /** Which queues it serves, all alike; {@value Queues#DEFAULT} unless said otherwise. */
  public WorkerBuilder queues(String... names) {
    if (names.length == 0) {
      throw new InvalidValueException("queues", "must not be empty");
    }
    this.queues = Stream.of(names).map(Queues::checked).toList();
    return this;
  }

  /** How many tasks it does at once, each on a thread; 10 unless said otherwise. */
  public WorkerBuilder concurrency(int threads) {
    this.concurrency = Require.between("concurrency", threads, 1, MOST_THREADS);
    return this;
  }

  /** How many tasks of an organization it claims at once at most; 200 unless said otherwise. */
  public WorkerBuilder batchSize(int tasks) {
    this.batchSize = Require.between("batchSize", tasks, 1, MOST_AT_ONCE);
    return this;
  }

  /**
   * After which time other workers do what this one had, when its process is no more; 30 seconds
   * unless said otherwise, 2 at least. The shorter it is, the more often leases are extended.
   */
  public WorkerBuilder takeover(Duration time) {
    if (time.compareTo(SHORTEST_TAKEOVER) < 0) {
      throw new InvalidValueException("takeover", "must not be shorter than " + SHORTEST_TAKEOVER);
    }
    this.takeover = time;
    return this;
  }

  /**
   * How often it looks for tasks of which it was not told, and for those whose time has come; every
   * second unless said otherwise.
   */
  public WorkerBuilder polling(Duration interval) {
    this.polling = Require.positive("polling", interval);
    return this;
  }

  /** Who it is, for people; process and machine unless said otherwise. */
  public WorkerBuilder name(String who) {
    this.name = Require.text("name", who, NAME_LENGTH);
    return this;
  }

  /** Which function does the tasks whose definition names this handler. */
  public WorkerBuilder handler(String handler, TaskHandler function) {
    if (!HANDLER.matcher(handler).matches()) {
      throw new InvalidValueException(
          "handler",
          "must be letters, digits, dots, hyphens and underscores, a letter first, at most 100"
              + " characters: "
              + handler);
    }
    if (handlers.put(handler, function) != null) {
      throw new InvalidValueException("handler", "is there twice: " + handler);
    }
    return this;
  }

  /** An exception after which trying again is of no use, and those that extend it. */
  public WorkerBuilder neverRetry(Class<? extends Throwable> type) {
    neverRetried.add(type);
    return this;
  }

  /** Who measures; by default nobody does. */
  public WorkerBuilder telemetry(TaskTelemetry listener) {
    this.telemetry = listener;
    return this;
  }

  /**
   * Makes the worker. It begins with {@code Plinth.start()}, or at once where that was called.
   *
   * @throws InvalidValueException if it has no handler
   */
  public Worker register() {
    if (handlers.isEmpty()) {
      throw new InvalidValueException("handlers", "must not be empty");
    }
    Worker worker =
        new Worker(
            new WorkerSettings(
                name,
                queues,
                concurrency,
                batchSize,
                takeover,
                polling,
                Map.copyOf(handlers),
                List.copyOf(neverRetried),
                telemetry));
    workers.add(worker);
    return worker;
  }
}
