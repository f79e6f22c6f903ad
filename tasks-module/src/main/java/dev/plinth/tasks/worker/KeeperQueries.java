package dev.plinth.tasks.worker;

import dev.plinth.base.tenancy.TenantTx;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** The SQL of {@link Keeper}. Plain statements, always the same text. */
final class KeeperQueries {

  /** A row that somebody else is writing is left for the next time: others must not wait for it. */
  private static final String EXTEND =
      """
      UPDATE plinth_tasks.tasks t
      SET lease_until = ?, progress = coalesce(h.progress, t.progress),
          progress_message = coalesce(h.message, t.progress_message)
      FROM unnest(?::uuid[], ?::uuid[], ?::numeric[], ?::text[]) AS h (id, token, progress, message)
      WHERE t.organization_id = ? AND t.id = h.id AND t.lease_token = h.token
        AND t.id = ANY (ARRAY(
          SELECT l.id FROM plinth_tasks.tasks l WHERE l.organization_id = ? AND l.id = ANY (?::uuid[]) AND l.status = 'running'
          ORDER BY l.id FOR NO KEY UPDATE SKIP LOCKED))
      RETURNING t.id, t.cancel_requested_at IS NOT NULL
      """;

  private static final String STILL_HELD =
      """
      SELECT t.id FROM unnest(?::uuid[], ?::uuid[]) AS h (id, token)
      JOIN plinth_tasks.tasks t ON t.organization_id = ? AND t.id = h.id AND t.lease_token = h.token
      """;

  /**
   * What is said of a task that is held.
   *
   * @param progress what the handler said since the last time
   */
  record Sign(Claim claim, Optional<Trail.Progress> progress) {}

  /**
   * Extends leases.
   *
   * @return those that were, and whether they are to be cancelled
   */
  Map<UUID, Boolean> extend(TenantTx tx, List<Sign> signs, Instant until) {
    return tx.dsl()
        .connectionResult(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(EXTEND)) {
                List<Claim> claims = signs.stream().map(Sign::claim).toList();
                statement.setObject(1, ClaimQueries.time(until));
                statement.setArray(2, uuids(connection, claims, Claim::id));
                statement.setArray(3, uuids(connection, claims, Claim::token));
                statement.setArray(
                    4,
                    connection.createArrayOf(
                        "numeric",
                        signs.stream()
                            .map(s -> s.progress().map(Trail.Progress::percent).orElse(null))
                            .toArray()));
                statement.setArray(
                    5,
                    connection.createArrayOf(
                        "text",
                        signs.stream()
                            .map(s -> s.progress().map(Trail.Progress::message).orElse(null))
                            .toArray()));
                statement.setObject(6, tx.organizationId());
                statement.setObject(7, tx.organizationId());
                statement.setArray(8, uuids(connection, claims, Claim::id));
                return cancelled(statement.executeQuery());
              }
            });
  }

  private static Map<UUID, Boolean> cancelled(ResultSet rows) throws SQLException {
    Map<UUID, Boolean> extended = new HashMap<>();
    while (rows.next()) {
      extended.put(rows.getObject(1, UUID.class), rows.getBoolean(2));
    }
    return extended;
  }

  /** Of claimed tasks, those that this worker holds, whoever has them locked. */
  static Set<UUID> stillHeld(TenantTx tx, List<Claim> claims) {
    return tx.dsl()
        .connectionResult(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(STILL_HELD)) {
                statement.setArray(1, uuids(connection, claims, Claim::id));
                statement.setArray(2, uuids(connection, claims, Claim::token));
                statement.setObject(3, tx.organizationId());
                Set<UUID> held = new HashSet<>();
                ResultSet rows = statement.executeQuery();
                while (rows.next()) {
                  held.add(rows.getObject(1, UUID.class));
                }
                return held;
              }
            });
  }

  private static java.sql.Array uuids(
      Connection connection, List<Claim> claims, Function<Claim, UUID> column) throws SQLException {
    return connection.createArrayOf("uuid", claims.stream().map(column).toArray());
  }
}
