package dev.plinth.tasks.queue;

import dev.plinth.base.error.SqlErrors;
import dev.plinth.base.tenancy.TenantTx;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * The statement that writes tasks, whether one or thousands: as plain SQL, because it is the
 * hottest of the module. Columns that no task of a batch has are one NULL, which unnest fills up.
 */
final class TaskInserts {

  /**
   * A definition that is not of the version that inputs were held against, and an idempotency key
   * that is taken, leave rows out; the caller finds out why.
   */
  private static final String INSERT =
      """
      INSERT INTO plinth_tasks.tasks
        (organization_id, id, definition_id, queue, priority, status, scheduled_at, turn_at, deadline, input,
         attempts_allowed, is_limited, concurrency_key, idempotency_key, idempotency_until, subject_type, subject_id,
         project_id, run_id, node, created_at)
      SELECT d.organization_id, n.id, d.id, coalesce(n.queue, d.queue), coalesce(n.priority, d.priority),
             CASE WHEN n.scheduled_at IS NULL THEN 'pending' ELSE 'scheduled' END, coalesce(n.scheduled_at, c.now),
             plinth_tasks.turn_at(coalesce(n.scheduled_at, c.now), coalesce(n.priority, d.priority)), n.deadline,
             n.input::jsonb, d.max_attempts, num_nonnulls(d.max_running, d.max_running_per_key) > 0,
             n.concurrency_key, n.idempotency_key, n.idempotency_until, n.subject_type, n.subject_id, n.project_id,
             n.run_id, n.node, c.now
      FROM %s
      JOIN plinth_tasks.task_definitions d
        ON d.organization_id = ? AND d.id = k.id AND d.version = k.version AND d.updated_at = k.updated_at
        AND d.deleted_at IS NULL
      """;

  /** Only where there are keys: each row would be looked for, and be confirmed in the log. */
  private static final String UNLESS_TAKEN =
      "ON CONFLICT (organization_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING\n";

  private static final String COLUMNS =
      """
      (id, input, definition, queue, priority, scheduled_at, deadline, concurrency_key, idempotency_key,
       idempotency_until, subject_type, subject_id, project_id, run_id, node)
      """;

  private static final String MANY =
      INSERT.formatted(
          """
          (SELECT ?::timestamptz AS now) AS c
          CROSS JOIN unnest(?::uuid[], ?::text[], ?::int[], ?::text[], ?::smallint[], ?::timestamptz[], ?::timestamptz[],
                            ?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::uuid[], ?::uuid[], ?::uuid[], ?::text[])
            AS n %s
          JOIN unnest(?::uuid[], ?::int[], ?::timestamptz[]) WITH ORDINALITY AS k (id, version, updated_at, position)
            ON k.position = coalesce(n.definition, 1)
          """
              .formatted(COLUMNS));

  /** To whom it may concern, in the same round trip. */
  private static final String TOLD =
      "; SELECT pg_notify('plinth_tasks', ? || q) FROM unnest(?::text[]) AS q";

  /** The same without arrays, so that one plan does for all: planning costs more than writing. */
  private static final String ONE =
      INSERT.formatted(
          """
          (SELECT ?::timestamptz AS now) AS c
          CROSS JOIN (SELECT ?::uuid, ?::text, ?::int, ?::text, ?::smallint, ?::timestamptz, ?::timestamptz,
                             ?::text, ?::text, ?::timestamptz, ?::text, ?::uuid, ?::uuid, ?::uuid, ?::text) AS n %s
          CROSS JOIN (SELECT ?::uuid AS id, ?::int AS version, ?::timestamptz AS updated_at) AS k
          """
              .formatted(COLUMNS));

  /**
   * What the caller does not know of the row; all of it would take longer to read than to write.
   */
  private static final String RETURNING =
      """
      RETURNING turn_at, deadline, input, CASE WHEN status = 'pending' THEN pg_notify('plinth_tasks', ? || queue)::text END
      """;

  /** How many of them were written. */
  int insert(TenantTx tx, List<Entry> entries) {
    String sql = MANY + (hasKeys(entries) ? UNLESS_TAKEN : "") + TOLD;
    return execute(
        tx,
        sql,
        insert -> {
          new TaskParameters(insert, TaskParameters.Shape.ARRAYS).bind(tx, entries);
          insert.execute();
          return insert.getUpdateCount();
        });
  }

  /** The stored task, if it was written. */
  Optional<Task> insert(TenantTx tx, Entry entry) {
    String sql = ONE + (hasKeys(List.of(entry)) ? UNLESS_TAKEN : "") + RETURNING;
    return execute(
        tx,
        sql,
        insert -> {
          new TaskParameters(insert, TaskParameters.Shape.SCALARS).bind(tx, List.of(entry));
          try (ResultSet rows = insert.executeQuery()) {
            return rows.next() ? Optional.of(stored(tx, entry, rows)) : Optional.empty();
          }
        });
  }

  private static Task stored(TenantTx tx, Entry entry, ResultSet row) throws SQLException {
    OffsetDateTime deadline = row.getObject(2, OffsetDateTime.class);
    return entry.stored(
        tx,
        row.getObject(1, OffsetDateTime.class).toInstant(),
        deadline == null ? null : deadline.toInstant(),
        TaskRows.input(row.getString(3)));
  }

  private static boolean hasKeys(List<Entry> entries) {
    return entries.stream().anyMatch(entry -> entry.idempotencyKey() != null);
  }

  /** What is made of the statement. */
  @FunctionalInterface
  private interface Execution<T> {
    T of(PreparedStatement insert) throws SQLException;
  }

  private static <T> T execute(TenantTx tx, String sql, Execution<T> execution) {
    return tx.dsl()
        .connectionResult(
            connection -> {
              try (PreparedStatement insert = connection.prepareStatement(sql)) {
                return execution.of(insert);
              } catch (SQLException e) {
                throw SqlErrors.translate(e);
              }
            });
  }
}
