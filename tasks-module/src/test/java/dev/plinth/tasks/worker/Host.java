package dev.plinth.tasks.worker;

import dev.plinth.base.Plinth;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.UnaryOperator;

/** A host of its own on a test's database, with a worker that runs until it is closed. */
final class Host implements AutoCloseable {

  private final Plinth plinth;
  private final Worker worker;

  private Host(Plinth plinth, Worker worker) {
    this.plinth = plinth;
    this.worker = worker;
  }

  static Host start(TestDatabase database, UnaryOperator<WorkerBuilder> worker) {
    return start(database, Clock.systemUTC(), worker);
  }

  /** With a clock that the test sets. */
  static Host start(
      TestDatabase database, InstantSource clock, UnaryOperator<WorkerBuilder> worker) {
    TasksModule tasks = new TasksModule();
    Worker registered =
        worker.apply(tasks.worker().polling(Duration.ofMillis(200)).concurrency(4)).register();
    Plinth plinth =
        Plinth.builder()
            .dataSource(database.host())
            .modules(tasks)
            .clock(clock)
            .closeWithin(Duration.ofSeconds(10))
            .build();
    plinth.start();
    return new Host(plinth, registered);
  }

  Worker worker() {
    return worker;
  }

  @Override
  public void close() {
    plinth.close();
  }
}
