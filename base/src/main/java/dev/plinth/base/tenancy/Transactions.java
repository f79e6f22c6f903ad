package dev.plinth.base.tenancy;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.SchemaMismatchException;
import dev.plinth.base.error.SqlErrors;
import dev.plinth.base.error.TransactionMisuseException;
import dev.plinth.base.telemetry.TelemetryGuard;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * Begins, ends and cleans up: on a connection of its own, or inside a transaction of the host's.
 */
final class Transactions {

  /** Connections that a transaction is on now, of every Plinth: one at a time on each. */
  private static final Set<BaseConnection> IN_USE =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private final DataSource dataSource;
  private final Replica replica;
  private final TelemetryGuard telemetry;
  private final Session.Attached attached;

  /**
   * Whether this thread is inside a transaction already; it carries no tenant. A second one would
   * commit by itself, and could wait for ever for a connection that the first one holds.
   */
  private final ThreadLocal<Boolean> busy = ThreadLocal.withInitial(() -> false);

  Transactions(TenancySettings settings, List<Subscription<?>> subscriptions) {
    this.dataSource = settings.dataSource();
    this.replica = new Replica(settings.dataSource(), settings.replica());
    this.telemetry = new TelemetryGuard(settings.telemetry());
    SlowStatements slow = new SlowStatements(settings.slowStatements(), telemetry);
    this.attached = new Session.Attached(List.copyOf(subscriptions), slow);
  }

  TelemetryGuard telemetry() {
    return telemetry;
  }

  Session session(Connection connection, Tenancy.Begun begun) throws SQLException {
    return new Session(connection, begun, attached);
  }

  <C extends Tx, T extends @Nullable Object, X extends Exception> T inNew(
      Opening<C> opening, boolean readOnly, TxWork<C, T, X> work) throws X {
    enter();
    try {
      return leased(Lease.of(dataSource), opening, readOnly, work);
    } finally {
      busy.remove();
    }
  }

  <C extends Tx, T extends @Nullable Object, X extends Exception> T onReplica(
      Opening<C> opening, TxWork<C, T, X> work) throws X {
    enter();
    try {
      return leased(Lease.of(replica.required()), replica.honest(opening), true, work);
    } finally {
      busy.remove();
    }
  }

  <C extends Tx, T extends @Nullable Object, X extends Exception> T joined(
      Connection connection, Opening<C> opening, TxWork<C, T, X> work) throws X {
    enter();
    try {
      Savepoint savepoint = savepoint(connection);
      try {
        T result = worked(connection, opening, false, work, Session::restore);
        release(connection, savepoint);
        return result;
      } catch (RuntimeException e) {
        undo(connection, savepoint, e);
        throw SqlErrors.translate(e);
      } catch (Throwable e) {
        undo(connection, savepoint, e);
        throw e;
      }
    } finally {
      busy.remove();
    }
  }

  private <C extends Tx, T extends @Nullable Object, X extends Exception> T leased(
      Lease lease, Opening<C> opening, boolean readOnly, TxWork<C, T, X> work) throws X {
    try {
      T result = worked(lease.connection(), opening, readOnly, work, session -> {});
      lease.commit();
      return result;
    } catch (RuntimeException e) {
      lease.rollback(e);
      throw SqlErrors.translate(e);
    } catch (Throwable e) {
      lease.rollback(e);
      throw e;
    } finally {
      lease.giveBack();
    }
  }

  /** What is left to do in the transaction when the work is done. */
  private interface Ending {
    void of(Session session) throws SQLException;
  }

  private <C extends Tx, T extends @Nullable Object, X extends Exception> T worked(
      Connection connection,
      Opening<C> opening,
      boolean readOnly,
      TxWork<C, T, X> work,
      Ending ending)
      throws X {
    BaseConnection driver = claim(connection);
    try {
      return onOurs(begin(connection, opening, readOnly), work, ending);
    } finally {
      IN_USE.remove(driver);
    }
  }

  private static <C extends Tx, T extends @Nullable Object, X extends Exception> T onOurs(
      C tx, TxWork<C, T, X> work, Ending ending) throws X {
    try {
      T result = work.apply(tx);
      end(tx.session(), ending);
      return result;
    } finally {
      tx.session().abandon();
    }
  }

  private static void end(Session session, Ending ending) {
    session.finish();
    try {
      ending.of(session);
    } catch (SQLException e) {
      throw SqlErrors.translate(e);
    }
  }

  private static void release(Connection connection, Savepoint savepoint) {
    try {
      connection.releaseSavepoint(savepoint);
    } catch (SQLException e) {
      throw SqlErrors.translate(e);
    }
  }

  private static BaseConnection claim(Connection connection) {
    try {
      BaseConnection driver = Gate.driver(connection);
      if (!IN_USE.add(driver)) {
        throw new TransactionMisuseException(
            "Another transaction of Plinth's is on this connection now: one at a time", null);
      }
      return driver;
    } catch (SQLException e) {
      throw SqlErrors.translate(e);
    }
  }

  private <C extends Tx> C begin(Connection connection, Opening<C> opening, boolean readOnly) {
    try {
      return opening.begin(this, connection, readOnly);
    } catch (SQLException e) {
      throw beginning(e);
    }
  }

  private static RuntimeException beginning(SQLException failure) {
    String state = failure.getSQLState() == null ? "" : failure.getSQLState();
    return switch (state) {
      case "3F000", "42883", "42P01" ->
          new SchemaMismatchException(
              "base", SchemaMismatchException.Kind.BEHIND, "run migrate()", failure);
      case "42501", "22023" ->
          new AccessDeniedException(
              "the login was not granted Plinth's roles, which migrate() does: "
                  + failure.getMessage(),
              failure);
      default -> SqlErrors.translate(failure);
    };
  }

  private static Savepoint savepoint(Connection connection) {
    try {
      if (connection.isWrapperFor(GuardedConnection.class)
          || connection.getAutoCommit()
          || Gate.driver(connection).getTransactionState() == TransactionState.FAILED) {
        throw new TransactionMisuseException(
            "join() needs a transaction that the host has open: a connection without autocommit,"
                + " on which no statement failed, and not one of Plinth's own",
            null);
      }
      return connection.setSavepoint();
    } catch (SQLException e) {
      throw SqlErrors.translate(e);
    }
  }

  /** Brings data, role and settings back, and leaves the host's transaction usable. */
  private static void undo(Connection connection, Savepoint savepoint, Throwable cause) {
    try {
      connection.rollback(savepoint);
      connection.releaseSavepoint(savepoint);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private void enter() {
    if (busy.get()) {
      throw new TransactionMisuseException(
          "A transaction of this Plinth is open on this thread already: use that one", null);
    }
    busy.set(true);
  }
}
