package dev.plinth.tasks.flow;

import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.flow.BurndownDay.Amount;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Record;

/** The SQL of what is computed from transitions. */
final class FlowQueries {

  /**
   * Every time is a plus at its beginning and a minus at its end, so that the cost follows the
   * changes and not items times days. What was over before the first day is left out, since it
   * comes to nothing; day 0 is what was alive then, and need not be netted by item.
   */
  private static final String BURNDOWN =
      """
      , bounds AS MATERIALIZED (SELECT CAST(? AS timestamptz[]) AS days, CAST(? AS timestamptz) AS ends),
      living AS (SELECT c.* FROM counted c CROSS JOIN bounds b WHERE c.until > b.days[1]),
      events AS (
        SELECT c.work_item_id, width_bucket(e.at, b.days) AS day, e.sign AS items, e.sign * c.points AS points,
               CASE WHEN c.status = 'done' THEN e.sign ELSE 0 END AS done,
               CASE WHEN c.status = 'done' THEN e.sign * c.points ELSE 0 END AS done_points,
               CASE WHEN c.status = 'in_progress' THEN e.sign ELSE 0 END AS active, 0 AS delayed
        FROM living c CROSS JOIN bounds b CROSS JOIN LATERAL (VALUES (c.since, 1), (c.until, -1)) AS e (at, sign)
        WHERE e.at < 'infinity'
        UNION ALL
        SELECT c.work_item_id, width_bucket(e.at, b.days), 0, 0, 0, 0, 0, e.sign
        FROM living c CROSS JOIN bounds b CROSS JOIN LATERAL (VALUES (greatest(c.since, c.end_at), 1), (c.until, -1)) AS e (at, sign)
        WHERE c.status IN ('todo', 'in_progress') AND c.end_at < least(c.until, b.ends) AND e.at < 'infinity'),
      changes AS (
        SELECT e.day, sum(e.items) AS items, sum(e.points) AS points, sum(e.done) AS done,
               sum(e.done_points) AS done_points, sum(e.active) AS active, sum(e.delayed) AS delayed
        FROM events e GROUP BY e.day, CASE WHEN e.day > 0 THEN e.work_item_id END),
      daily AS (
        SELECT c.day, sum(c.items) AS items, sum(c.points) AS points, sum(c.done) AS done,
               sum(c.done_points) AS done_points, sum(c.active) AS active, sum(c.delayed) AS delayed,
               sum(greatest(c.items, 0)) AS added, sum(greatest(-c.items, 0)) AS removed,
               sum(greatest(c.points, 0)) AS added_points, sum(greatest(-c.points, 0)) AS removed_points,
               sum(greatest(c.done, 0)) AS completed, sum(greatest(-c.done, 0)) AS reopened
        FROM changes c GROUP BY 1)
      SELECT d.day, coalesce(sum(x.items) OVER so_far, 0) AS scope, coalesce(sum(x.points) OVER so_far, 0) AS scope_points,
             coalesce(sum(x.items - x.done) OVER so_far, 0) AS remaining,
             coalesce(sum(x.points - x.done_points) OVER so_far, 0) AS remaining_points,
             coalesce(x.added, 0) AS added, coalesce(x.added_points, 0) AS added_points,
             coalesce(x.removed, 0) AS removed, coalesce(x.removed_points, 0) AS removed_points,
             coalesce(x.completed, 0) AS completed, coalesce(x.reopened, 0) AS reopened,
             coalesce(sum(x.active) OVER so_far, 0) AS active, coalesce(sum(x.delayed) OVER so_far, 0) AS delayed
      FROM generate_series(0, CAST(? AS integer)) AS d (day) LEFT JOIN daily x ON x.day = d.day
      WINDOW so_far AS (ORDER BY d.day)
      ORDER BY d.day OFFSET 1
      """;

  private static final String CYCLE_TIMES =
      """
      SELECT count(*) AS items, percentile_disc(ARRAY[0.5, 0.85, 0.95]) WITHIN GROUP (
        ORDER BY (extract(epoch FROM c.completed_at - c.started_at) * 1000000)::bigint) AS micros
      FROM counted c WHERE c.until = 'infinity' AND c.status = 'done' AND c.completed_at >= (SELECT CAST(? AS timestamptz))
      """;

  private static final String AGEING =
      """
      , finished AS (
        SELECT array_agg(c.completed_at - c.started_at ORDER BY c.completed_at - c.started_at) AS took FROM counted c
        WHERE c.until = 'infinity' AND c.status = 'done' AND c.completed_at >= (SELECT CAST(? AS timestamptz)))
      SELECT c.work_item_id, c.started_at,
             width_bucket((SELECT CAST(? AS timestamptz)) - c.started_at, f.took)::double precision / cardinality(f.took) AS part
      FROM counted c CROSS JOIN finished f WHERE c.until = 'infinity' AND c.status = 'in_progress'
      ORDER BY c.started_at, c.work_item_id LIMIT ?
      """;

  private static final String FINISHED =
      """
      SELECT c.completed_at, c.since, nullif(c.until, 'infinity') AS until FROM counted c
      WHERE c.status = 'done' AND c.completed_at >= (SELECT CAST(? AS timestamptz))
      """;

  List<BurndownDay> burndown(TenantTx tx, FlowScope scope, Days days) {
    CountedStates counted = CountedStates.of(tx, scope, days.end());
    return tx.dsl()
        .fetch(
            counted.sql(BURNDOWN),
            counted.binds(CountedStates.times(days.bounds()), days.end().toString(), days.count()))
        .map(row -> day(row, days));
  }

  Optional<CycleTimes> cycleTimes(TenantTx tx, FlowScope scope, Days days) {
    CountedStates counted = CountedStates.of(tx, scope, days.end());
    Record row =
        tx.dsl().fetchSingle(counted.sql(CYCLE_TIMES), counted.binds(days.start().toString()));
    int items = row.get("items", Integer.class);
    if (items == 0) {
      return Optional.empty();
    }
    Long[] micros = row.get("micros", Long[].class);
    return Optional.of(
        new CycleTimes(items, duration(micros[0]), duration(micros[1]), duration(micros[2])));
  }

  List<AgeingItem> ageing(TenantTx tx, FlowScope scope, Ageing request) {
    CountedStates counted = CountedStates.of(tx, scope, request.asOf());
    return tx.dsl()
        .fetch(
            counted.sql(AGEING),
            counted.binds(
                request.asOf().minus(request.history()).toString(),
                request.asOf().toString(),
                request.limit()))
        .map(row -> ageing(row, request.asOf()));
  }

  /** Every time in which an item was done and in scope, if it became so on these days. */
  List<Finished> finished(TenantTx tx, FlowScope scope, Days days) {
    CountedStates counted = CountedStates.of(tx, scope, days.end());
    return tx.dsl()
        .fetch(counted.sql(FINISHED), counted.binds(days.start().toString()))
        .map(
            row ->
                new Finished(
                    row.get("completed_at", Instant.class),
                    row.get("since", Instant.class),
                    row.get("until", Instant.class)));
  }

  private static AgeingItem ageing(Record row, Instant asOf) {
    Instant startedAt = row.get("started_at", Instant.class);
    return new AgeingItem(
        row.get("work_item_id", UUID.class),
        startedAt,
        Duration.between(startedAt, asOf),
        row.get("part", Double.class));
  }

  private static BurndownDay day(Record row, Days days) {
    return new BurndownDay(
        days.first().plusDays(row.get("day", Integer.class) - 1L),
        amount(row, "scope"),
        amount(row, "remaining"),
        amount(row, "added"),
        amount(row, "removed"),
        row.get("completed", Integer.class),
        row.get("reopened", Integer.class),
        row.get("active", Integer.class),
        row.get("delayed", Integer.class));
  }

  private static Amount amount(Record row, String what) {
    return new Amount(
        row.get(what, Integer.class), row.get(what + "_points", BigDecimal.class).setScale(2));
  }

  private static Duration duration(long micros) {
    return Duration.ofNanos(Math.multiplyExact(micros, 1000L));
  }
}
