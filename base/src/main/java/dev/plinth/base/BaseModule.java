package dev.plinth.base;

import dev.plinth.base.module.PlinthModule;

/** The module that every other depends on; always there, never added. */
final class BaseModule implements PlinthModule {

  @Override
  public String name() {
    return "base";
  }
}
