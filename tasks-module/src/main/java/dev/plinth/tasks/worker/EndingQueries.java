package dev.plinth.tasks.worker;

import dev.plinth.base.sql.UuidV7;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.worker.KeeperQueries.Sign;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes what attempts came to: the task, if the worker still holds it, the attempt, and who waits
 * for the task. Plain statements, always the same text.
 */
final class EndingQueries {

  /**
   * What is no success. Whose row somebody has locked is left for later: the tasks of others must
   * not wait for it. Who is to be cancelled does not wait again.
   *
   * <p>What has a token is running. That it is running is not said: it would invite the planner to
   * compare all that run with all that ended, instead of looking each up.
   */
  private static final String END =
      """
      WITH free AS MATERIALIZED (
        SELECT f.id FROM plinth_tasks.tasks f WHERE f.organization_id = ? AND f.id = ANY (?::uuid[])
        ORDER BY f.id FOR NO KEY UPDATE SKIP LOCKED),
      ended AS (
        UPDATE plinth_tasks.tasks t
        SET status = CASE WHEN t.cancel_requested_at IS NOT NULL AND e.status IN ('pending', 'scheduled', 'failed')
                       THEN 'cancelled' ELSE e.status END,
            attempt = CASE WHEN e.counted THEN t.attempt ELSE t.attempt - 1 END,
            scheduled_at = coalesce(e.retry_at, t.scheduled_at),
            turn_at = CASE WHEN e.retry_at IS NULL THEN t.turn_at ELSE plinth_tasks.turn_at(e.retry_at, t.priority) END,
            finished_at = CASE WHEN e.status IN ('cancelled', 'dead') OR t.cancel_requested_at IS NOT NULL
                            THEN ?::timestamptz END,
            unhandled_at = CASE WHEN e.unhandled THEN coalesce(t.unhandled_at, ?::timestamptz) END,
            error_type = e.error_type, error_message = e.error_message,
            lease_token = NULL, lease_worker = NULL, lease_until = NULL
        FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::timestamptz[], ?::boolean[], ?::boolean[], ?::text[],
                    ?::text[], ?::text[], ?::text[], ?::text[], ?::integer[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[],
                    ?::uuid[])
          AS e (id, token, status, retry_at, counted, unhandled, error_type,
                error_message, error_trace, outcome, worker, attempt, ready_at, started_at, finished_at, attempt_id)
        WHERE t.organization_id = ? AND t.id = ANY (ARRAY(SELECT f.id FROM free f)) AND t.id = e.id
          AND t.lease_token = e.token
        RETURNING t.id, e.attempt_id, t.definition_id, t.has_dependents OR t.run_id IS NOT NULL AS is_followed, t.finished_at,
          e.outcome, e.worker, e.attempt, e.ready_at, e.started_at, e.finished_at AS ended_at, e.error_type, e.error_message, e.error_trace),
      attempts AS (
        INSERT INTO plinth_tasks.task_attempts (organization_id, id, task_id, definition_id, attempt, outcome, worker,
          ready_at, started_at, finished_at, error_type, error_message, error_trace)
        SELECT ?, d.attempt_id, d.id, d.definition_id, d.attempt, d.outcome, d.worker,
          least(d.ready_at, d.started_at), d.started_at, d.ended_at, d.error_type, d.error_message, d.error_trace
        FROM ended d WHERE d.outcome IS NOT NULL)
      SELECT id, is_followed AND finished_at IS NOT NULL FROM ended
      """;

  private static final String SETTLE =
      """
      SELECT s.queue, pg_notify('plinth_tasks', ? || ':' || s.queue) FROM plinth_tasks.settle_successors(?, ?::uuid[]) AS s
      """;

  private static final String NOTIFY =
      "SELECT pg_notify('plinth_tasks', ? || ':' || q) FROM unnest(?::text[]) AS q";

  private final TrailQueries trails = new TrailQueries();
  private final KeeperQueries keeper = new KeeperQueries();

  /**
   * Writes the ends of attempts at tasks of one organization: successes, then all else.
   *
   * @return for which tasks that was done: those that this worker still held and nobody has locked
   */
  Written write(TenantTx tx, List<Ending> endings) {
    sayLast(tx, endings);
    List<Ending> others = endings.stream().filter(ending -> !ending.isSuccess()).toList();
    Ended ended = SuccessQueries.write(tx, endings.stream().filter(Ending::isSuccess).toList());
    if (!others.isEmpty()) {
      ended.add(tx.dsl().connectionResult(connection -> end(connection, tx, others)));
    }
    return follow(tx, endings, ended);
  }

  /** Writes a success, waiting for who has the task locked. */
  Written writeWaiting(TenantTx tx, Ending success) {
    sayLast(tx, List.of(success));
    return follow(tx, List.of(success), SuccessQueries.one(tx, success, true));
  }

  /** How far it was in the end, as the handler says; the lease ends with the task. */
  private void sayLast(TenantTx tx, List<Ending> endings) {
    List<Sign> signs =
        endings.stream()
            .map(ending -> new Sign(ending.claim(), ending.trail().lastProgress()))
            .filter(sign -> sign.progress().isPresent())
            .toList();
    if (!signs.isEmpty()) {
      keeper.extend(tx, signs, tx.now());
    }
  }

  private Written follow(TenantTx tx, List<Ending> endings, Ended ended) {
    List<Ending> held =
        endings.stream().filter(ending -> ended.ids().contains(ending.claim().id())).toList();
    trails.write(tx, held);
    Set<String> ready = new HashSet<>();
    if (!ended.followed().isEmpty()) {
      ready.addAll(tx.dsl().connectionResult(c -> settle(c, tx, ended.followed())));
    }
    Set<String> room =
        held.stream()
            .filter(EndingQueries::makesRoom)
            .map(ending -> ending.claim().queue())
            .collect(Collectors.toSet());
    if (!room.isEmpty()) {
      tx.dsl().connection(connection -> tell(connection, tx, room));
    }
    List<Claim> others =
        endings.stream()
            .map(Ending::claim)
            .filter(claim -> !ended.ids().contains(claim.id()))
            .toList();
    Set<UUID> locked = others.isEmpty() ? Set.of() : KeeperQueries.stillHeld(tx, others);
    return new Written(ended.ids(), ready, locked);
  }

  /**
   * What was written.
   *
   * @param ids of tasks
   * @param ready the queues in which tasks that waited for these can be claimed now
   * @param locked those that are held, and that somebody has locked: to be tried again
   */
  record Written(Set<UUID> ids, Set<String> ready, Set<UUID> locked) {}

  private static Ended end(Connection connection, TenantTx tx, List<Ending> endings)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(END)) {
      Arrays all = new Arrays(connection, endings);
      statement.setObject(1, tx.organizationId());
      statement.setArray(2, all.of("uuid", ending -> ending.claim().id()));
      statement.setObject(3, ClaimQueries.time(tx.now()));
      statement.setObject(4, ClaimQueries.time(tx.now()));
      statement.setArray(5, all.of("uuid", ending -> ending.claim().id()));
      statement.setArray(6, all.of("uuid", ending -> ending.claim().token()));
      statement.setArray(7, all.of("text", Ending::status));
      statement.setArray(8, all.of("timestamptz", ending -> text(ending.retryAt())));
      statement.setArray(9, all.of("boolean", Ending::counted));
      statement.setArray(10, all.of("boolean", Ending::unhandled));
      statement.setArray(11, all.ofError(Failure::type));
      statement.setArray(12, all.ofError(Failure::message));
      statement.setArray(13, all.ofError(Failure::trace));
      statement.setArray(14, all.of("text", Ending::outcome));
      statement.setArray(15, all.of("text", ending -> ending.claim().worker()));
      statement.setArray(16, all.of("integer", ending -> ending.claim().attempt()));
      statement.setArray(17, all.of("timestamptz", ending -> text(ending.claim().readyAt())));
      statement.setArray(18, all.of("timestamptz", ending -> text(ending.startedAt())));
      statement.setArray(19, all.of("timestamptz", ending -> text(ending.finishedAt())));
      // Made here: a function of SQL would take longer than all the rest of the row.
      statement.setArray(20, all.of("uuid", ending -> UuidV7.next(tx.now())));
      statement.setObject(21, tx.organizationId());
      statement.setObject(22, tx.organizationId());
      return Ended.read(statement.executeQuery());
    }
  }

  /** Whether another worker may have something to claim now. */
  private static boolean makesRoom(Ending ending) {
    return ending.claim().limited() || ending.status().equals("pending");
  }

  private static Set<String> settle(Connection connection, TenantTx tx, List<UUID> followed)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SETTLE)) {
      statement.setString(1, tx.organizationId().toString());
      statement.setObject(2, tx.organizationId());
      statement.setArray(3, connection.createArrayOf("uuid", followed.toArray()));
      Set<String> queues = new HashSet<>();
      ResultSet rows = statement.executeQuery();
      while (rows.next()) {
        queues.add(rows.getString(1));
      }
      return queues;
    }
  }

  private static void tell(Connection connection, TenantTx tx, Set<String> queues)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NOTIFY)) {
      statement.setString(1, tx.organizationId().toString());
      statement.setArray(2, connection.createArrayOf("text", queues.toArray()));
      statement.execute();
    }
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  /** Columns of endings as arrays. */
  private record Arrays(Connection connection, List<Ending> endings) {

    java.sql.Array of(String type, Function<Ending, @Nullable Object> column) throws SQLException {
      @Nullable Object[] values = new Object[Math.max(SuccessQueries.EXPECTED, endings.size())];
      for (int i = 0; i < endings.size(); i++) {
        values[i] = column.apply(endings.get(i));
      }
      return connection.createArrayOf(type, values);
    }

    java.sql.Array ofError(Function<Failure, @Nullable Object> column) throws SQLException {
      return of("text", ending -> ending.error() == null ? null : column.apply(ending.error()));
    }
  }
}
