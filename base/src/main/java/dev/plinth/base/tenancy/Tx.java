package dev.plinth.base.tenancy;

import java.time.Instant;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of Plinth's: for one organization ({@link TenantTx}) or across all ({@link
 * SystemTx}). Valid until the work it was given to returns; for one thread at a time.
 */
public abstract sealed class Tx permits TenantTx, SystemTx {

  private final Session session;

  Tx(Session session) {
    this.session = session;
  }

  final Session session() {
    return session;
  }

  /**
   * The jOOQ context of this transaction. A nested {@code transaction} is a savepoint; commit,
   * rollback, autocommit and close are refused, also as SQL text.
   *
   * @throws dev.plinth.base.error.TransactionMisuseException when used after the end of the
   *     transaction or inside {@link #asHost}
   */
  public final DSLContext dsl() {
    return session.dsl();
  }

  /** The time of the transaction, by the database's clock, unless the host put another in place. */
  public final Instant now() {
    return session.now();
  }

  /** Tells the modules, at once and in this transaction; what a listener throws is thrown here. */
  public final void publish(DomainEvent event) {
    session.publish(this, event);
  }

  /**
   * Runs statements as the login that the host connected with, in this transaction: for the host's
   * own tables. The transaction itself cannot be used meanwhile.
   *
   * @return what the work returned
   */
  public final <T extends @Nullable Object, X extends Exception> T asHost(
      TxWork<DSLContext, T, X> work) throws X {
    return session.asHost(work);
  }
}
