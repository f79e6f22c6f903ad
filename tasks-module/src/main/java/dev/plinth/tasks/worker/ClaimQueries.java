package dev.plinth.tasks.worker;

import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.definition.RetryPolicy;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of claiming. Plain statements of few texts: the driver and the server keep them prepared.
 */
final class ClaimQueries {

  private static final String PICK =
      """
      SELECT r.id FROM plinth_tasks.tasks r
      WHERE r.organization_id = ? AND r.queue = ? AND r.status = 'pending' AND r.unmet_dependencies = 0
        AND r.unhandled_at IS NULL AND NOT r.is_limited
        AND NOT EXISTS (SELECT FROM plinth_tasks.task_queues q
                        WHERE q.organization_id = ? AND q.name = ? AND q.paused_at IS NOT NULL)
      ORDER BY r.turn_at, r.id LIMIT :most FOR NO KEY UPDATE SKIP LOCKED
      """;

  private static final String PICK_LIMITED =
      "SELECT l.id FROM plinth_tasks.pick_limited_tasks(?, ?, ?) AS l (id)";

  /** By id, because a join could be planned as a scan of the whole table while it is small. */
  private static final String CLAIM =
      """
      UPDATE plinth_tasks.tasks t
      SET status = 'running', attempt = t.attempt + 1, lease_worker = ?, lease_token = ?, lease_until = ?, started_at = ?,
          progress = NULL, progress_message = NULL, cancel_requested_at = NULL
      FROM plinth_tasks.task_definitions d
      WHERE t.organization_id = ? AND t.id = ANY (ARRAY(%s))
        AND d.organization_id = ? AND d.id = t.definition_id
      RETURNING t.id, d.id, d.name, d.handler, t.queue, t.attempt, t.attempts_allowed, t.input, t.scheduled_at, t.deadline,
        t.run_id, t.node, t.is_limited, t.turn_at,
        d.timeout_ms, d.backoff_base_ms, d.backoff_factor, d.backoff_max_ms, d.backoff_jitter, d.max_attempts,
        CASE WHEN t.run_id IS NOT NULL THEN d.input_schema END,
        EXISTS (SELECT FROM plinth_tasks.tasks l
                WHERE l.organization_id = ? AND l.queue = ? AND l.status = 'pending' AND l.unmet_dependencies = 0
                  AND l.unhandled_at IS NULL AND l.is_limited)
      """;

  private static final String CLAIM_FREE = CLAIM.formatted(PICK);
  private static final String CLAIM_LIMITED = CLAIM.formatted(PICK_LIMITED);

  private static final String DISCOVER =
      "SELECT organization_id, queue FROM plinth_tasks.queues_with_work(?)";

  /** A claimed task, and when it was its turn. */
  private record Turn(Instant at, Claim claim) {}

  /** Queues of active organizations in which something can be claimed. */
  List<Waiting> discover(SystemTx tx, List<String> queues) {
    return tx.dsl()
        .connectionResult(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(DISCOVER)) {
                statement.setArray(1, connection.createArrayOf("text", queues.toArray()));
                return waiting(statement.executeQuery());
              }
            });
  }

  private static List<Waiting> waiting(ResultSet rows) throws SQLException {
    List<Waiting> found = new ArrayList<>();
    while (rows.next()) {
      found.add(new Waiting(rows.getObject(1, UUID.class), rows.getString(2)));
    }
    return found;
  }

  /**
   * What was claimed.
   *
   * @param limitedToo whether others of the queue wait that have limits; true if nobody knows
   */
  record Claimed(List<Claim> claims, boolean limitedToo) {}

  /** Claims without limits, in their turn. */
  Claimed claim(TenantTx tx, Ask ask) {
    return claimed(
        tx,
        // A number and not a parameter, of which a plan would expect a tenth of the table: each
        // claim would be planned anew.
        CLAIM_FREE.replace(":most", Integer.toString(ask.most())),
        ask,
        (statement, first) -> {
          statement.setObject(first, tx.organizationId());
          statement.setString(first + 1, ask.queue());
          statement.setObject(first + 2, tx.organizationId());
          statement.setString(first + 3, ask.queue());
          return first + 4;
        });
  }

  /** Claims of definitions that have limits, as many as those leave room for. */
  Claimed claimLimited(TenantTx tx, Ask ask) {
    return claimed(
        tx,
        CLAIM_LIMITED,
        ask,
        (statement, first) -> {
          statement.setObject(first, tx.organizationId());
          statement.setString(first + 1, ask.queue());
          statement.setInt(first + 2, ask.most());
          return first + 3;
        });
  }

  /**
   * What is asked for.
   *
   * @param askedNanos {@link System#nanoTime()} before the transaction began
   */
  record Ask(String worker, String queue, int most, Duration lease, long askedNanos) {

    Ask most(int other) {
      return new Ask(worker, queue, other, lease, askedNanos);
    }
  }

  @FunctionalInterface
  private interface Binding {
    int bind(PreparedStatement statement, int first) throws SQLException;
  }

  private static Claimed claimed(TenantTx tx, String sql, Ask ask, Binding picking) {
    UUID token = UUID.randomUUID();
    return tx.dsl()
        .connectionResult(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, ask.worker());
                statement.setObject(2, token);
                statement.setObject(3, time(tx.now().plus(ask.lease())));
                statement.setObject(4, time(tx.now()));
                statement.setObject(5, tx.organizationId());
                int next = picking.bind(statement, 6);
                statement.setObject(next, tx.organizationId());
                statement.setObject(next + 1, tx.organizationId());
                statement.setString(next + 2, ask.queue());
                return claims(tx, token, ask, statement.executeQuery());
              }
            });
  }

  private static Claimed claims(TenantTx tx, UUID token, Ask ask, ResultSet rows)
      throws SQLException {
    List<Turn> turns = new ArrayList<>();
    boolean limitedToo = false;
    Map<UUID, Definition> definitions = new HashMap<>();
    while (rows.next()) {
      limitedToo = rows.getBoolean(22);
      UUID id = rows.getObject(2, UUID.class);
      Definition definition = definitions.get(id);
      if (definition == null) {
        definition = Definition.read(id, rows);
        definitions.put(id, definition);
      }
      turns.add(new Turn(instant(rows, 14), claim(tx, token, ask, definition, rows)));
    }
    turns.sort(Comparator.comparing(Turn::at).thenComparing(turn -> turn.claim().id()));
    List<Claim> claims = turns.stream().map(Turn::claim).toList();
    return new Claimed(claims, limitedToo || claims.isEmpty());
  }

  /** What the rows of a definition have in common; read once. */
  private record Definition(Claim.Kind kind, Duration timeout, RetryPolicy policy) {

    static Definition read(UUID id, ResultSet row) throws SQLException {
      RetryPolicy policy =
          new RetryPolicy(
              row.getInt(20),
              Duration.ofMillis(row.getLong(16)),
              row.getDouble(17),
              Duration.ofMillis(row.getLong(18)),
              row.getDouble(19));
      return new Definition(
          new Claim.Kind(id, row.getString(3), row.getString(4)),
          Duration.ofMillis(row.getLong(15)),
          policy);
    }

    RetryRules rules(int allowed) {
      return new RetryRules(allowed, timeout, policy);
    }
  }

  private static Claim claim(TenantTx tx, UUID token, Ask ask, Definition definition, ResultSet row)
      throws SQLException {
    return new Claim(
        tx.organizationId(),
        row.getObject(1, UUID.class),
        token,
        ask.worker(),
        definition.kind(),
        ask.queue(),
        row.getInt(6),
        definition.rules(row.getInt(7)),
        row.getString(8),
        row.getString(21),
        instant(row, 9),
        row.getObject(10) == null ? null : instant(row, 10),
        uuid(row, 11),
        row.getString(12),
        row.getBoolean(13),
        tx.now(),
        ask.askedNanos());
  }

  static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static @Nullable UUID uuid(ResultSet row, int column) throws SQLException {
    return row.getObject(column, UUID.class);
  }
}
