package dev.plinth.base.tenancy;

import dev.plinth.base.telemetry.TelemetryGuard;
import dev.plinth.base.telemetry.TransactionEnd.Kind;
import dev.plinth.base.telemetry.TransactionEnd.Mode;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Opens transactions for one actor: of one organization, or across all. Immutable; touches no
 * database itself.
 *
 * @param <C> the kind of transaction
 */
public final class Scope<C extends Tx> {

  private final Transactions transactions;
  private final Kind kind;
  private final Opening<C> opening;

  Scope(Transactions transactions, Kind kind, Opening<C> opening) {
    this.transactions = transactions;
    this.kind = kind;
    this.opening = opening;
  }

  /**
   * Does work in a transaction: committed when it returns, rolled back when it throws.
   *
   * @throws dev.plinth.base.error.NotFoundException if there is no such organization
   * @throws dev.plinth.base.error.OrganizationNotActiveException if it is suspended or archived
   * @throws dev.plinth.base.error.AccessDeniedException if the user is no active member
   * @throws dev.plinth.base.error.TransactionMisuseException inside another transaction of this
   *     Plinth on this thread
   */
  public <T extends @Nullable Object, X extends Exception> T call(TxWork<C, T, X> work) throws X {
    return timed(Mode.WRITE, () -> transactions.inNew(opening, false, work));
  }

  /** As {@link #call}, without a result. */
  public <X extends Exception> void run(TxAction<C, X> action) throws X {
    TxWork<C, Boolean, X> work = nothing(action);
    call(work);
  }

  /**
   * As {@link #call}, in a read-only transaction as {@code plinth_reader} (across organizations, as
   * {@code plinth_system}).
   */
  public <T extends @Nullable Object, X extends Exception> T read(TxWork<C, T, X> work) throws X {
    return timed(Mode.READ, () -> transactions.inNew(opening, true, work));
  }

  /**
   * As {@link #read}, on the read replica: it spares the primary, and may not have seen yet what
   * was committed there a moment ago. Nothing can be written, not even by {@code asHost}.
   *
   * @throws dev.plinth.base.error.InvalidValueException if the builder was given no replica
   * @throws dev.plinth.base.error.ReplicaLagException instead of the exceptions of {@link #call} if
   *     the replica refuses whom the primary lets in
   */
  public <T extends @Nullable Object, X extends Exception> T readReplica(TxWork<C, T, X> work)
      throws X {
    return timed(Mode.REPLICA, () -> transactions.onReplica(opening, work));
  }

  /**
   * Does work in a transaction that the host has open on {@code connection}. It is neither
   * committed nor rolled back here: when the work throws, what it did is undone and the host may go
   * on; role and settings are as before in either case.
   *
   * @throws dev.plinth.base.error.TransactionMisuseException if the connection is in autocommit
   *     mode or belongs to another transaction of Plinth's, or as for {@link #call}
   */
  public <T extends @Nullable Object, X extends Exception> T join(
      Connection connection, TxWork<C, T, X> work) throws X {
    return timed(Mode.JOIN, () -> transactions.joined(connection, opening, work));
  }

  private <T extends @Nullable Object, X extends Exception> T timed(
      Mode mode, TelemetryGuard.Timed<T, X> work) throws X {
    return transactions.telemetry().timed(kind, mode, work);
  }

  private static <C, X extends Exception> TxWork<C, Boolean, X> nothing(TxAction<C, X> action) {
    return context -> {
      action.accept(context);
      return true;
    };
  }
}
