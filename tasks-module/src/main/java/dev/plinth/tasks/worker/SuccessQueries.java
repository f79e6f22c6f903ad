package dev.plinth.tasks.worker;

import dev.plinth.base.sql.UuidV7;
import dev.plinth.base.tenancy.TenantTx;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Writes successes, which is what most attempts come to: the task, if the worker still holds it,
 * and the attempt. What the row knows is not sent, and times travel as microseconds, because
 * reading arrays of text took the server longer than writing the rows.
 */
final class SuccessQueries {

  private static final String SUCCEED =
      """
      UPDATE plinth_tasks.tasks t
      SET status = 'succeeded', output = coalesce(%s::jsonb, t.output), finished_at = ?, unhandled_at = NULL,
          error_type = NULL, error_message = NULL, lease_token = NULL, lease_worker = NULL, lease_until = NULL
      """;

  private static final String RECORD =
      """
      INSERT INTO plinth_tasks.task_attempts (organization_id, id, task_id, definition_id, attempt, outcome, worker,
        ready_at, started_at, finished_at)
      SELECT d.organization_id, %s, d.id, d.definition_id, d.attempt, 'succeeded', %s, least(d.scheduled_at, %s), %s, %s
      FROM ended d
      """;

  private static final String RETURNING =
      """
      RETURNING t.organization_id, t.id, t.definition_id, t.attempt, t.scheduled_at,
        t.has_dependents OR t.run_id IS NOT NULL AS is_followed
      """;

  private static final String STARTED =
      "timestamptz 'epoch' + d.started * interval '1 microsecond'";
  private static final String FINISHED =
      "timestamptz 'epoch' + d.finished * interval '1 microsecond'";

  /** Whose row somebody has locked is left for later: the tasks of others must not wait for it. */
  private static final String MANY =
      "WITH held AS MATERIALIZED ("
          + """
            SELECT f.id, f.worker, e.output, e.attempt_id, e.started, e.finished
            FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::uuid[], ?::bigint[], ?::bigint[])
              AS e (id, token, output, attempt_id, started, finished)
            CROSS JOIN LATERAL (
              SELECT x.id, x.lease_worker AS worker FROM plinth_tasks.tasks x
              WHERE x.organization_id = ? AND x.id = e.id AND x.lease_token = e.token
              FOR NO KEY UPDATE SKIP LOCKED) f),
            ended AS (
            """
          + SUCCEED.formatted("h.output")
          + "FROM held h WHERE t.organization_id = ? AND t.id = h.id\n"
          + RETURNING
          + ", h.attempt_id, h.worker, h.started, h.finished),\nattempts AS ("
          + RECORD.formatted("d.attempt_id", "d.worker", STARTED, STARTED, FINISHED)
          + ") SELECT id, is_followed FROM ended";

  /** The same without arrays: what is made ready for them takes longer than one row. */
  private static final String ONE =
      "WITH ended AS ("
          + SUCCEED.formatted("?")
          + "WHERE t.organization_id = ? AND t.id = :id AND t.lease_token = ?\n"
          + RETURNING
          + "), attempts AS ("
          + RECORD.formatted("?", "?", "?", "?", "?")
          + ") SELECT id, is_followed FROM ended";

  private static final String ONE_UNLOCKED =
      ONE.replace(
          ":id",
          """
          (SELECT f.id FROM plinth_tasks.tasks f WHERE f.organization_id = ? AND f.id = ?
           FOR NO KEY UPDATE SKIP LOCKED)
          """);

  /** In the handler's own transaction there is time to wait. */
  private static final String ONE_WAITING = ONE.replace(":id", "?");

  /**
   * What the planner expects of an array that it does not know: with less, it would plan anew each
   * time.
   */
  static final int EXPECTED = 10;

  private SuccessQueries() {}

  static Ended write(TenantTx tx, List<Ending> endings) {
    return switch (endings.size()) {
      case 0 -> Ended.none();
      case 1 -> one(tx, endings.get(0), false);
      default -> many(tx, endings);
    };
  }

  private static Ended many(TenantTx tx, List<Ending> endings) {
    return tx.dsl()
        .connectionResult(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(MANY)) {
                bind(tx, connection, statement, endings);
                return Ended.read(statement.executeQuery());
              }
            });
  }

  private static void bind(
      TenantTx tx, Connection connection, PreparedStatement statement, List<Ending> endings)
      throws SQLException {
    ids(statement, 1, endings, ending -> ending.claim().id());
    ids(statement, 2, endings, ending -> ending.claim().token());
    if (endings.stream().allMatch(ending -> ending.output() == null)) {
      statement.setNull(3, Types.OTHER);
    } else {
      String[] outputs = endings.stream().map(Ending::output).toArray(String[]::new);
      statement.setArray(3, connection.createArrayOf("text", outputs));
    }
    // Made here: a function of SQL would take longer than all the rest of the row.
    ids(statement, 4, endings, ending -> UuidV7.next(tx.now()));
    statement.setArray(5, micros(connection, endings, Ending::startedAt));
    statement.setArray(6, micros(connection, endings, Ending::finishedAt));
    statement.setObject(7, tx.organizationId());
    statement.setObject(8, ClaimQueries.time(tx.now()));
    statement.setObject(9, tx.organizationId());
  }

  private static void ids(
      PreparedStatement statement, int index, List<Ending> endings, Function<Ending, UUID> column)
      throws SQLException {
    StringBuilder ids = new StringBuilder("{");
    for (int i = 0; i < Math.max(EXPECTED, endings.size()); i++) {
      ids.append(i == 0 ? "" : ",");
      ids.append(i < endings.size() ? column.apply(endings.get(i)) : "NULL");
    }
    statement.setObject(index, ids.append('}').toString(), Types.OTHER);
  }

  private static java.sql.Array micros(
      Connection connection, List<Ending> endings, Function<Ending, Instant> column)
      throws SQLException {
    Long[] micros =
        endings.stream()
            .map(ending -> ChronoUnit.MICROS.between(Instant.EPOCH, column.apply(ending)))
            .toArray(Long[]::new);
    return connection.createArrayOf("int8", micros);
  }

  /**
   * One alone.
   *
   * @param waiting whether to wait for who has the task locked
   */
  static Ended one(TenantTx tx, Ending ending, boolean waiting) {
    String sql = waiting ? ONE_WAITING : ONE_UNLOCKED;
    return tx.dsl()
        .connectionResult(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(tx, statement, ending, waiting);
                return Ended.read(statement.executeQuery());
              }
            });
  }

  private static void bind(TenantTx tx, PreparedStatement statement, Ending ending, boolean waiting)
      throws SQLException {
    int last = 0;
    statement.setString(++last, ending.output());
    statement.setObject(++last, ClaimQueries.time(tx.now()));
    statement.setObject(++last, tx.organizationId());
    if (!waiting) {
      statement.setObject(++last, tx.organizationId());
    }
    statement.setObject(++last, ending.claim().id());
    statement.setObject(++last, ending.claim().token());
    statement.setObject(++last, UuidV7.next(tx.now()));
    statement.setString(++last, ending.claim().worker());
    statement.setObject(++last, ClaimQueries.time(ending.startedAt()));
    statement.setObject(++last, ClaimQueries.time(ending.startedAt()));
    statement.setObject(++last, ClaimQueries.time(ending.finishedAt()));
  }
}
