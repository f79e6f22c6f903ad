package dev.plinth.testing;

import dev.plinth.base.module.PlinthModule;

/** A module whose way back forgets something. */
public final class LitteringModule implements PlinthModule {

  @Override
  public String name() {
    return "littering";
  }
}
