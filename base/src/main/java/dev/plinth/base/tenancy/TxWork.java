package dev.plinth.base.tenancy;

import org.jspecify.annotations.Nullable;

/**
 * Work done inside a transaction.
 *
 * @param <C> what the work is given: a transaction, or the host's own jOOQ context
 * @param <T> its result
 * @param <X> what it may throw; it reaches the caller as it is
 */
@FunctionalInterface
public interface TxWork<C, T extends @Nullable Object, X extends Exception> {

  /** Does the work. */
  T apply(C context) throws X;
}
