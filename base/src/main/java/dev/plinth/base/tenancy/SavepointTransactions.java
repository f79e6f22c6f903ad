package dev.plinth.base.tenancy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.exception.DataAccessException;

/** What {@code dsl.transaction(…)} does inside a transaction of Plinth's: a savepoint, always. */
final class SavepointTransactions implements TransactionProvider {

  private final Connection connection;
  private final Deque<Savepoint> savepoints = new ArrayDeque<>();

  SavepointTransactions(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void begin(TransactionContext context) {
    attempt(() -> savepoints.push(connection.setSavepoint()));
  }

  @Override
  public void commit(TransactionContext context) {
    attempt(
        () -> {
          connection.releaseSavepoint(savepoints.element());
          savepoints.pop(); // not before: a release that fails is followed by rollback()
        });
  }

  @Override
  public void rollback(TransactionContext context) {
    attempt(
        () -> {
          Savepoint savepoint = savepoints.pop();
          connection.rollback(savepoint);
          connection.releaseSavepoint(savepoint);
        });
  }

  private interface Step {
    void take() throws SQLException;
  }

  private static void attempt(Step step) {
    try {
      step.take();
    } catch (SQLException e) {
      throw new DataAccessException("The savepoint failed", e);
    }
  }
}
