package dev.plinth.tasks.flow;

import dev.plinth.base.tenancy.TenantTx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jooq.impl.DSL;

/**
 * The common beginning of statements on transitions: {@code counted}, which has a row for each time
 * in which an item stood unchanged and was in scope. {@code until} is infinity for how things stood
 * at the end of what is asked for, whatever came later. A time is cast in a subquery, which is done
 * once: the text of a parameter would be read for each row.
 */
final class CountedStates {

  private static final String NO_MEMBERSHIPS = "WITH ";

  /** From when to when an item was part of the whole; it has one parent at a time. */
  private static final String MEMBERSHIPS =
      """
      WITH direct AS (
        SELECT p.work_item_id, p.created_at AS since, coalesce(p.ended_at, 'infinity') AS until
        FROM plinth_tasks.work_item_parents p WHERE p.organization_id = ? AND p.parent_id = ?),
      memberships AS (
        SELECT d.work_item_id, d.since, d.until FROM direct d
        UNION ALL
        SELECT p.work_item_id, greatest(p.created_at, d.since), least(coalesce(p.ended_at, 'infinity'), d.until)
        FROM direct d
        JOIN plinth_tasks.work_item_parents p ON p.organization_id = ? AND p.parent_id = d.work_item_id),
      """;

  private static final String STATES =
      """
      states AS (
        SELECT t.work_item_id, t.created_at AS since,
               coalesce(lead(t.created_at) OVER (PARTITION BY t.work_item_id ORDER BY t.item_version), 'infinity') AS until,
               t.kind, t.project_id, t.status, t.points, t.end_at, t.started_at, t.completed_at, t.is_deleted
        FROM plinth_tasks.work_item_transitions t
        WHERE t.organization_id = ? AND t.created_at < (SELECT CAST(? AS timestamptz))
          %s),
      counted AS (
        SELECT c.work_item_id, c.since, CASE WHEN c.until >= (SELECT CAST(? AS timestamptz)) THEN 'infinity' ELSE c.until END AS until,
               c.status, coalesce(c.points, 0) AS points, c.end_at, c.started_at, c.completed_at
        FROM (%s) c WHERE c.since < c.until AND c.since < (SELECT CAST(? AS timestamptz))
          AND NOT c.is_deleted AND c.status <> 'cancelled' AND c.kind = ANY (?)%s)
      """;

  private static final String OF_PROJECT =
      """
      AND t.work_item_id IN (
          SELECT x.work_item_id FROM plinth_tasks.work_item_transitions x
          WHERE x.organization_id = ? AND x.project_id = ?)
      """;

  private static final String OF_WHOLE =
      " AND t.work_item_id IN (SELECT m.work_item_id FROM memberships m)";

  private static final String ALL_OF_THEM = "SELECT s.* FROM states s";

  private static final String WHILE_MEMBERS =
      """
      SELECT s.work_item_id, greatest(s.since, m.since) AS since, least(s.until, m.until) AS until,
             s.kind, s.project_id, s.status, s.points, s.end_at, s.started_at, s.completed_at, s.is_deleted
      FROM states s JOIN memberships m ON m.work_item_id = s.work_item_id""";

  private final StringBuilder sql = new StringBuilder();
  private final List<Object> binds = new ArrayList<>();

  private CountedStates() {}

  /** As they were known at a time. */
  static CountedStates of(TenantTx tx, FlowScope scope, Instant end) {
    CountedStates counted = new CountedStates();
    counted.append(tx, scope, end);
    return counted;
  }

  /** What follows the common beginning. */
  String sql(String rest) {
    return sql + rest;
  }

  /** The values of the common beginning, and then of the rest. */
  Object[] binds(Object... rest) {
    List<Object> all = new ArrayList<>(binds);
    all.addAll(List.of(rest));
    return all.toArray();
  }

  private void append(TenantTx tx, FlowScope scope, Instant end) {
    boolean whole = scope.within() != null;
    boolean project = scope.project() != null;
    sql.append(whole ? MEMBERSHIPS : NO_MEMBERSHIPS);
    String narrowed = (project ? OF_PROJECT : "") + (whole ? OF_WHOLE : "");
    String then = project ? " AND c.project_id = ?" : "";
    sql.append(STATES.formatted(narrowed, whole ? WHILE_MEMBERS : ALL_OF_THEM, then));

    if (scope.within() != null) {
      binds.addAll(List.of(tx.organizationId(), scope.within(), tx.organizationId()));
    }
    binds.addAll(List.of(tx.organizationId(), end.toString()));
    if (scope.project() != null) {
      binds.addAll(List.of(tx.organizationId(), scope.project()));
    }
    binds.addAll(List.of(end.toString(), end.toString(), kinds(scope)));
    if (scope.project() != null) {
      binds.add(scope.project());
    }
  }

  /** As text that no session setting changes; cast where it is used. */
  static Object times(Instant[] times) {
    return DSL.val(Arrays.stream(times).map(Instant::toString).toArray(String[]::new));
  }

  private static Object kinds(FlowScope scope) {
    String[] words =
        scope.kinds().stream()
            .map(kind -> kind.name().toLowerCase(Locale.ROOT))
            .toArray(String[]::new);
    return DSL.val(words);
  }
}
