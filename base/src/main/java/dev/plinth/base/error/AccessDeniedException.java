package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** Who asks may not do this. */
public final class AccessDeniedException extends PlinthException {

  private static final long serialVersionUID = 1L;

  /** Reports it with its facts. */
  public AccessDeniedException(String reason, @Nullable Throwable cause) {
    super("Access denied: " + reason, cause);
  }
}
