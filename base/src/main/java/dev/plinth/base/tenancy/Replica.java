package dev.plinth.base.tenancy;

import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.ReplicaLagException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reading from a replica, which may not know yet what the primary knows. */
final class Replica {

  private static final String LAG =
      "SELECT (extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp())"
          + " * 1000)::bigint";

  /**
   * No such organization, not active, no member; no schema, function or table yet. All else says
   * nothing of what the replica knows: a conflict with its recovery, say, or a lock.
   */
  private static final Set<String> IGNORANCE =
      Set.of("PL001", "PL002", "PL003", "3F000", "42883", "42P01");

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
        if (isIgnorance(refused) && primaryBegins(engine, opening, refused)) {
          throw new ReplicaLagException(lag(connection, refused), refused);
        }
        throw refused;
      }
    };
  }

  private static boolean isIgnorance(SQLException failure) {
    return failure.getSQLState() != null && IGNORANCE.contains(failure.getSQLState());
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

  /** Null if it cannot be asked: that the replica lags is known already. */
  private static @Nullable Duration lag(Connection replica, SQLException refused) {
    try {
      replica.rollback();
      try (Statement statement = replica.createStatement();
          ResultSet row = statement.executeQuery(LAG)) {
        row.next();
        long milliseconds = row.getLong(1);
        return row.wasNull() ? null : Duration.ofMillis(milliseconds);
      }
    } catch (SQLException e) {
      refused.addSuppressed(e);
      return null;
    }
  }
}
