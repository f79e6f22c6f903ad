package dev.plinth.labels;

import dev.plinth.base.module.PlinthModule;

/** A second module of a host, which another links to. */
public final class LabelsModule implements PlinthModule {

  @Override
  public String name() {
    return "labels";
  }
}
