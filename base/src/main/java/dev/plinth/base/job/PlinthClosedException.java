package dev.plinth.base.job;

import dev.plinth.base.error.PlinthException;

/** {@code Plinth.close()} was called: nothing more is begun in the background. */
public final class PlinthClosedException extends PlinthException {

  private static final long serialVersionUID = 1L;

  /** Reports what was asked for. */
  public PlinthClosedException(String refused) {
    super("Plinth is closed: " + refused, null);
  }
}
