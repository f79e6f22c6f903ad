package dev.plinth.projects.feature;

import static dev.plinth.projects.feature.FeatureRequestQueries.live;
import static dev.plinth.projects.feature.FeatureRequestQueries.select;
import static dev.plinth.projects.jooq.Tables.FEATURE_REQUESTS;
import static dev.plinth.projects.jooq.Tables.FEATURE_REQUEST_TALLIES;

import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.search.Search;
import dev.plinth.base.search.SearchQuery;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.TenantTx;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The SQL of lists of feature requests. */
final class FeatureRequestLists {

  private static final Search BY_WORDS = Search.by("plinth_projects", "search_feature_requests");
  private static final Search BY_TITLE = Search.by("plinth_projects", "similar_feature_requests");

  Page<FeatureRequest> page(
      TenantTx tx, FeatureRequestFilter filter, FeatureRequestOrder order, PageRequest request) {
    return switch (order) {
      case NEWEST -> byId(tx, filter, request);
      case VOTES ->
          by(
              tx,
              filter,
              request,
              new Rank<>(
                  "votes",
                  FEATURE_REQUEST_TALLIES.VOTE_WEIGHT,
                  FEATURE_REQUEST_TALLIES.FEATURE_REQUEST_ID,
                  BigDecimal::new,
                  row -> row.voteWeight().toString()));
      case PRIORITY ->
          by(
              tx,
              filter,
              request,
              new Rank<>(
                  "priority",
                  FEATURE_REQUESTS.PRIORITY,
                  FEATURE_REQUESTS.ID,
                  Priority::valueOf,
                  row -> row.priority().name()));
    };
  }

  Page<FeatureRequest> search(
      TenantTx tx, String text, FeatureRequestFilter filter, PageRequest request) {
    SearchQuery query = SearchQuery.of(text).within(filter);
    return BY_WORDS.page(tx, query, request, ids -> read(tx, filter, ids));
  }

  Page<FeatureRequest> similar(
      TenantTx tx, String title, FeatureRequestFilter filter, PageRequest request) {
    SearchQuery query = SearchQuery.of(title).within(filter);
    return BY_TITLE.page(tx, query, request, ids -> read(tx, filter, ids));
  }

  /** What a list is sorted by, downwards, as the index has it; and how it gets into a cursor. */
  private record Rank<T>(
      String name,
      Field<T> column,
      Field<UUID> id,
      Function<String, T> parse,
      Function<FeatureRequest, String> text) {}

  private static Page<FeatureRequest> byId(
      TenantTx tx, FeatureRequestFilter filter, PageRequest request) {
    Keyset keyset = keyset(tx, "newest", filter);
    List<String> position = keyset.position(request, 1);
    Condition after =
        position.isEmpty()
            ? DSL.noCondition()
            : FEATURE_REQUESTS.ID.lt(parsed("newest", position.get(0), UUID::fromString));
    List<FeatureRequest> rows =
        select(tx)
            .where(live(tx), matching(tx, filter), after)
            .orderBy(FEATURE_REQUESTS.ID.desc())
            .limit(request.limit() + 1)
            .fetch(FeatureRequestQueries::featureRequest);
    return keyset.page(rows, request, row -> List.of(row.id().toString()));
  }

  private static <T> Page<FeatureRequest> by(
      TenantTx tx, FeatureRequestFilter filter, PageRequest request, Rank<T> rank) {
    Keyset keyset = keyset(tx, rank.name(), filter);
    List<FeatureRequest> rows =
        select(tx)
            .where(live(tx), matching(tx, filter), after(keyset, request, rank))
            .orderBy(rank.column().desc(), rank.id().desc())
            .limit(request.limit() + 1)
            .fetch(FeatureRequestQueries::featureRequest);
    return keyset.page(rows, request, row -> List.of(rank.text().apply(row), row.id().toString()));
  }

  private static <T> Condition after(Keyset keyset, PageRequest request, Rank<T> rank) {
    List<String> position = keyset.position(request, 2);
    if (position.isEmpty()) {
      return DSL.noCondition();
    }
    T value = parsed(rank.name(), position.get(0), rank.parse());
    UUID id = parsed(rank.name(), position.get(1), UUID::fromString);
    return DSL.row(rank.column(), rank.id())
        .lt(DSL.row(DSL.val(value, rank.column()), DSL.val(id, rank.id())));
  }

  private static <T> T parsed(String order, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidCursorException("feature-requests-by-" + order, e);
    }
  }

  private static Keyset keyset(TenantTx tx, String order, FeatureRequestFilter filter) {
    return Keyset.of("feature-requests-by-" + order, filter, tx.organizationId());
  }

  private static Map<UUID, FeatureRequest> read(
      TenantTx tx, FeatureRequestFilter filter, List<UUID> ids) {
    return select(tx)
        .where(
            live(tx),
            matching(tx, filter),
            FEATURE_REQUESTS.ID.eq(DSL.any(ids.toArray(UUID[]::new))))
        .fetchMap(FEATURE_REQUESTS.ID, FeatureRequestQueries::featureRequest);
  }

  private static Condition matching(TenantTx tx, FeatureRequestFilter filter) {
    LocalDate today = LocalDate.ofInstant(tx.now(), ZoneOffset.UTC);
    // Inlined, as the index has them.
    Condition open =
        FEATURE_REQUESTS.STATUS.notIn(
            DSL.inline(FeatureStatus.COMPLETED, FEATURE_REQUESTS.STATUS),
            DSL.inline(FeatureStatus.REJECTED, FEATURE_REQUESTS.STATUS));
    return DSL.and(
        equal(FEATURE_REQUESTS.PROJECT_ID, filter.project()),
        equal(FEATURE_REQUESTS.STATUS, filter.status()),
        equal(FEATURE_REQUESTS.ASSIGNEE_ID, filter.assignee()),
        equal(FEATURE_REQUESTS.REQUESTER_ID, filter.requester()),
        filter.overdue() ? FEATURE_REQUESTS.DEADLINE.lt(today).and(open) : DSL.noCondition());
  }

  private static <T> Condition equal(Field<T> column, @Nullable T value) {
    return value == null ? DSL.noCondition() : column.eq(value);
  }
}
