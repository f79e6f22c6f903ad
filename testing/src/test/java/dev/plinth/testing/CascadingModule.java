package dev.plinth.testing;

import dev.plinth.base.module.PlinthModule;

/** A module whose way back takes along what others made of it. */
public final class CascadingModule implements PlinthModule {

  @Override
  public String name() {
    return "cascading";
  }
}
