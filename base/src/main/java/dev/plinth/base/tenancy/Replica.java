package dev.plinth.base.tenancy;

import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.ReplicaLagException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reading from a replica, which may not know yet what the primary knows. */
final class Replica {

  private static final String LAG =
      "SELECT (extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp())"
          + " * 1000)::bigint";

  private final DataSource primary;
  private final @Nullable DataSource replica;

  Replica(DataSource primary, @Nullable DataSource replica) {
    this.primary = primary;
    this.replica = replica;
  }

  /** Never the primary in its place: who asks for the replica wants to spare the primary. */
  DataSource required() {
    if (replica == null) {
      throw new InvalidValueException("readReplica", "was not given to the builder of this Plinth");
    }
    return replica;
  }

  /** Who is refused on the replica and not on the primary is told that the replica lags. */
  <C extends Tx> Opening<C> honest(Opening<C> opening) {
    return (engine, connection, readOnly) -> {
      try {
        return opening.begin(engine, connection, readOnly);
      } catch (SQLException refused) {
        if (isAnswer(refused) && primaryBegins(engine, opening, refused)) {
          throw new ReplicaLagException(lag(connection), refused);
        }
        throw refused;
      }
    };
  }

  /** Whether the database said so, and not the connection. */
  private static boolean isAnswer(SQLException failure) {
    String state = failure.getSQLState() == null ? "08" : failure.getSQLState();
    return !state.startsWith("08") && !state.startsWith("57");
  }

  private <C extends Tx> boolean primaryBegins(
      Transactions engine, Opening<C> opening, SQLException refused) {
    Lease lease;
    try {
      lease = Lease.of(primary);
    } catch (DatabaseUnavailableException e) {
      refused.addSuppressed(e);
      return false;
    }
    try {
      opening.begin(engine, lease.connection(), true);
      return true;
    } catch (SQLException e) {
      return false;
    } finally {
      lease.rollback(refused);
      lease.giveBack();
    }
  }

  private static @Nullable Duration lag(Connection replica) throws SQLException {
    replica.rollback();
    try (Statement statement = replica.createStatement();
        ResultSet row = statement.executeQuery(LAG)) {
      row.next();
      long milliseconds = row.getLong(1);
      return row.wasNull() ? null : Duration.ofMillis(milliseconds);
    }
  }
}
