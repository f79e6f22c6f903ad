package dev.plinth.testing;

import dev.plinth.base.module.PlinthModule;

/** A module whose migrations look at rows that FORCE hides from their owner. */
public final class CarelessModule implements PlinthModule {

  @Override
  public String name() {
    return "careless";
  }
}
