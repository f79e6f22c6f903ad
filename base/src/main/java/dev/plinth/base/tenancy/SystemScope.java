package dev.plinth.base.tenancy;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** Opens transactions across organizations. Immutable; touches no database itself. */
public final class SystemScope {

  private final Transactions transactions;
  private final Opening<SystemTx> opening;

  SystemScope(Transactions transactions, Opening<SystemTx> opening) {
    this.transactions = transactions;
    this.opening = opening;
  }

  /**
   * Does work in a transaction: committed when it returns, rolled back when it throws.
   *
   * @throws dev.plinth.base.error.TransactionMisuseException inside another transaction of this
   *     Plinth on this thread
   */
  public <T extends @Nullable Object, X extends Exception> T call(TxWork<SystemTx, T, X> work)
      throws X {
    return transactions.inNew(opening, false, work);
  }

  /** As {@link #call}, without a result. */
  public <X extends Exception> void run(TxAction<SystemTx, X> action) throws X {
    transactions.<SystemTx, Boolean, X>inNew(opening, false, TenantScope.nothing(action));
  }

  /** As {@link #call}, in a read-only transaction. */
  public <T extends @Nullable Object, X extends Exception> T read(TxWork<SystemTx, T, X> work)
      throws X {
    return transactions.inNew(opening, true, work);
  }

  /** Does work in a transaction that the host has open, as {@link TenantScope#join} does. */
  public <T extends @Nullable Object, X extends Exception> T join(
      Connection connection, TxWork<SystemTx, T, X> work) throws X {
    return transactions.joined(connection, opening, work);
  }
}
