package dev.plinth.host.crash;

import com.zaxxer.hikari.HikariDataSource;
import dev.plinth.base.Plinth;
import dev.plinth.base.notification.NewNotification;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.worker.TaskContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A host with a worker, in a process of its own; it ends with the test that started it. */
final class WorkerMain {

  private static final int POOL_SIZE = 16;

  /** Milliseconds that work waits for a connection while the server is dead. */
  private static final int POOL_TIMEOUT = 5_000;

  private static final int CONCURRENCY = 8;

  private final String name;
  private final Plinth plinth;
  private final Semaphore gate = new Semaphore(0);

  private WorkerMain(String name, String url, Duration takeover) {
    this.name = name;
    TasksModule tasks = new TasksModule();
    this.plinth = Plinth.builder().dataSource(pool(url)).modules(tasks).build();
    tasks
        .worker()
        .name(name)
        .takeover(takeover)
        .concurrency(CONCURRENCY)
        .handler("plain", this::plain)
        .handler("exact", this::exact)
        .handler("brief", this::brief)
        .handler("late", this::late)
        .register();
  }

  /**
   * Works until told to end.
   *
   * @param arguments name of the worker, URL of the database, milliseconds until takeover
   */
  public static void main(String[] arguments) throws IOException {
    Duration takeover = Duration.ofMillis(Long.parseLong(arguments[2]));
    new WorkerMain(arguments[0], arguments[1], takeover).work();
    Runtime.getRuntime().halt(0);
  }

  private static HikariDataSource pool(String url) {
    // Hikari looks at what it lends only if it lay idle for half a second: here, always.
    System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "0");
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(url);
    pool.setMaximumPoolSize(POOL_SIZE);
    pool.setMinimumIdle(0);
    pool.setConnectionTimeout(POOL_TIMEOUT);
    return pool;
  }

  private void work() throws IOException {
    plinth.start();
    say("started");
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String command = commands.readLine(); command != null; command = commands.readLine()) {
      gate.release(Integer.parseInt(command));
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private static void begun(TaskContext task) {
    say(WorkerProcess.BEGUN + " " + task.taskId() + " " + task.attempt());
  }

  private Map<String, String> plain(TaskContext task) {
    begun(task);
    return Map.of("by", name);
  }

  private Map<String, String> exact(TaskContext task) {
    begun(task);
    return complete(task);
  }

  private Map<String, String> complete(TaskContext task) {
    UUID user = UUID.fromString(String.valueOf(task.input().get("user")));
    NewNotification news = NewNotification.of(user, "done", task.taskId().toString());
    return task.inTransaction(
        tx -> {
          tx.asHost(dsl -> dsl.execute(Effects.INSERT, task.taskId(), task.attempt(), name));
          plinth.notifications().notify(tx, news);
          return Map.of("by", name);
        });
  }

  @Nullable Object brief(TaskContext task) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(((Number) task.input().get("millis")).longValue());
    return null;
  }

  /** The first attempt waits until it is let through, whoever interrupts it, and ends then. */
  @Nullable Object late(TaskContext task) throws IOException {
    begun(task);
    boolean first = task.attempt() == 1;
    if (first) {
      gate.acquireUninterruptibly();
    }
    String end = String.valueOf(task.input().get("end"));
    try {
      return late(task, end, first);
    } finally {
      say("ended " + end);
    }
  }

  private @Nullable Object late(TaskContext task, String end, boolean first) throws IOException {
    switch (end) {
      case "commit":
        return complete(task);
      case "log":
        task.log().info("written by " + name);
        return Map.of("by", name);
      case "fail":
        if (first) {
          throw new IOException("too late");
        }
        return Map.of("by", name);
      default:
        return Map.of("by", name);
    }
  }
}
