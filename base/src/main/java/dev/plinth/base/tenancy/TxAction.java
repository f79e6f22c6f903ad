package dev.plinth.base.tenancy;

/**
 * Work without a result.
 *
 * @param <C> what the work is given
 * @param <X> what it may throw; it reaches the caller as it is
 */
@FunctionalInterface
public interface TxAction<C, X extends Exception> {

  /** Does the work. */
  void accept(C context) throws X;
}
