package dev.plinth.tasks;

import dev.plinth.base.module.PlinthModule;
import dev.plinth.base.tenancy.DomainEvent;
import dev.plinth.base.tenancy.Subscription;
import java.util.ArrayList;
import java.util.List;

/** A module without a schema that notes what it hears. */
public final class Listening implements PlinthModule {

  private final List<DomainEvent> heard = new ArrayList<>();

  @Override
  public String name() {
    return "listening";
  }

  @Override
  public List<Subscription<?>> subscriptions() {
    return List.of(new Subscription<>(DomainEvent.class, (tx, event) -> heard.add(event)));
  }

  public List<DomainEvent> heard() {
    return heard;
  }
}
