package dev.plinth.base.migration;

import dev.plinth.base.error.SchemaMismatchException;
import dev.plinth.base.error.SchemaMismatchException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The views of base that are composed of what all installed modules say: made anew when that has
 * changed, and out of the way while something that they stand on is dropped.
 */
final class Composition {

  /** What {@code compose_views()} refuses a part with. */
  private static final String INVALID_TABLE_DEFINITION = "42P16";

  private Composition() {}

  /**
   * Composes them, if base has come so far and they are not as they should be.
   *
   * @throws SchemaMismatchException if what a module says does not have the columns of its view
   */
  static void make(Connection connection) throws SQLException {
    try {
      call(connection, "compose_views");
    } catch (PSQLException e) {
      throw refusal(e).orElseThrow(() -> e);
    }
  }

  static void drop(Connection connection) throws SQLException {
    call(connection, "drop_composed_views");
  }

  private static void call(Connection connection, String function) throws SQLException {
    String exists = "SELECT to_regprocedure('plinth_base.%s()') IS NOT NULL".formatted(function);
    if (Connections.holds(connection, exists)) {
      Connections.executeAloud(connection, "SELECT plinth_base." + function + "()");
    }
  }

  private static Optional<SchemaMismatchException> refusal(PSQLException failure) {
    ServerErrorMessage said = failure.getServerErrorMessage();
    if (said == null
        || said.getSchema() == null
        || said.getMessage() == null
        || !INVALID_TABLE_DEFINITION.equals(said.getSQLState())) {
      return Optional.empty();
    }
    String module = said.getSchema().replaceFirst("^plinth_", "");
    return Optional.of(
        new SchemaMismatchException(module, Kind.CHANGED, said.getMessage(), failure));
  }
}
