package dev.plinth.base.module;

import dev.plinth.base.background.BackgroundWork;
import dev.plinth.base.job.Job;
import dev.plinth.base.tenancy.Subscription;
import java.util.List;

/**
 * A module: a schema {@code plinth_<name>} with its migrations, and services on top. What it is
 * called and what it depends on stands in the resource {@code META-INF/plinth/<name>.properties}.
 */
public interface PlinthModule {

  /** One lower-case word: the schema, the migrations and the descriptor are called by it. */
  String name();

  /** What the module wants to hear of the others; nothing by default. */
  default List<Subscription<?>> subscriptions() {
    return List.of();
  }

  /**
   * What the module has done in the background, each job's name beginning with the module's; asked
   * for once. Nothing by default.
   */
  default List<Job> jobs() {
    return List.of();
  }

  /**
   * What the module does in the background of every host between {@code Plinth.start()} and {@code
   * close()}; asked for once. Nothing by default.
   */
  default List<BackgroundWork> backgroundWork() {
    return List.of();
  }
}
