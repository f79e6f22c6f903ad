package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** A module was added without one that it depends on. */
public final class MissingModuleException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String module;
  private final String missing;

  /** Reports it with its facts. */
  public MissingModuleException(String module, String missing, @Nullable Throwable cause) {
    super(
        "Module "
            + module
            + " needs module "
            + missing
            + ", which was not added: add it to Plinth.builder().modules(…)",
        cause);
    this.module = module;
    this.missing = missing;
  }

  /** The module. */
  public String module() {
    return module;
  }

  /** The missing. */
  public String missing() {
    return missing;
  }
}
