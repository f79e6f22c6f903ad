package dev.plinth.base.tenancy;

import dev.plinth.base.error.TransactionMisuseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * Says of each statement whether it may pass: only while its side (Plinth's or the host's) has the
 * transaction, only while the transaction that was begun is still the one that is open, and never
 * if it would end that transaction or change its role.
 */
final class Gate {

  private static final Pattern COMMENT = Pattern.compile("(?s)\\s+|--[^\\n]*|/\\*.*?\\*/");
  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "(?is)(COMMIT|END|ABORT|BEGIN|START\\s+TRANSACTION|PREPARE\\s+TRANSACTION|DISCARD"
              + "|ROLLBACK(?!\\s+(WORK\\s+|TRANSACTION\\s+)?TO\\b)"
              + "|(RE)?SET\\s+(LOCAL\\s+|SESSION\\s+)?(ROLE|SESSION\\s+AUTHORIZATION|ALL)\\b).*");

  private final BaseConnection driver;
  private @Nullable String closedBecause;

  Gate(BaseConnection driver, @Nullable String closedBecause) {
    this.driver = driver;
    this.closedBecause = closedBecause;
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

  boolean ended() {
    return driver.getTransactionState() == TransactionState.IDLE;
  }

  boolean failed() {
    return driver.getTransactionState() == TransactionState.FAILED;
  }

  void check(String sql) {
    check();
    int start = 0;
    var comment = COMMENT.matcher(sql);
    while (comment.region(start, sql.length()).lookingAt()) {
      start = comment.end();
    }
    if (FORBIDDEN.matcher(sql).region(start, sql.length()).matches()) {
      throw refusal(sql.substring(start).lines().findFirst().orElse(sql));
    }
  }

  static TransactionMisuseException refusal(String what) {
    return new TransactionMisuseException(
        what + " is refused: Plinth ends the transaction that it began, and the host its own",
        null);
  }
}
