package dev.plinth.base.module;

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
}
