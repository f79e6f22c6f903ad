package dev.plinth.base.tenancy;

import dev.plinth.base.error.TransactionMisuseException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * Says of each statement whether it may pass: only while its side (Plinth's or the host's) has the
 * transaction, only while the transaction that was begun is still the one that is open, and never
 * if it is {@link ForbiddenSql}.
 */
final class Gate {

  private final BaseConnection driver;
  private final ForbiddenSql.Turn turn;
  private @Nullable String closedBecause;

  Gate(BaseConnection driver, ForbiddenSql.Turn turn) {
    this.driver = driver;
    this.turn = turn;
  }

  /** The driver's own connection, which knows whether a transaction is open without asking. */
  static BaseConnection driver(Connection connection) throws SQLException {
    return connection.unwrap(BaseConnection.class);
  }

  void open() {
    closedBecause = null;
  }

  void close(String because) {
    closedBecause = because;
  }

  void check() {
    if (closedBecause != null) {
      throw new TransactionMisuseException(closedBecause, null);
    }
    if (ended()) {
      throw new TransactionMisuseException(
          "The transaction was ended by a statement of the host's: Plinth does not go on", null);
    }
  }

  void check(String sql) {
    check();
    ForbiddenSql.in(sql, turn, !driver.getStandardConformingStrings())
        .ifPresent(
            statement -> {
              throw refusal(statement);
            });
  }

  boolean ended() {
    return driver.getTransactionState() == TransactionState.IDLE;
  }

  boolean failed() {
    return driver.getTransactionState() == TransactionState.FAILED;
  }

  static TransactionMisuseException refusal(String what) {
    return new TransactionMisuseException(
        what
            + " is refused inside a transaction of Plinth's: it would end it, change who it is for,"
            + " stay on the connection, or reach beyond its rows. A nested transaction is"
            + " dsl.transaction(…), a setting is SET LOCAL, a temporary table is ON COMMIT DROP, and what"
            + " a login of the host's may do is done in asHost(…)",
        null);
  }
}
