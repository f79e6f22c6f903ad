package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** The host did with a transaction what only Plinth may do; the transaction was not committed. */
public final class TransactionMisuseException extends PlinthException {

  private static final long serialVersionUID = 1L;

  /** Reports it with its facts. */
  public TransactionMisuseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
