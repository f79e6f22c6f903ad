package dev.plinth.tasks.triage;

import static dev.plinth.tasks.jooq.Tables.TRIAGE_ITEMS;

import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.search.Search;
import dev.plinth.base.search.SearchQuery;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.jooq.tables.records.TriageItemsRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The SQL of triage items. */
final class TriageQueries {

  private static final String BY_PRIORITY = "triage-items-by-priority";
  private static final Search BY_TITLE = Search.by("plinth_tasks", "similar_triage_items");

  TriageItem insert(TenantTx tx, NewTriageItem item) {
    return tx.dsl()
        .insertInto(TRIAGE_ITEMS)
        .set(TRIAGE_ITEMS.ORGANIZATION_ID, tx.organizationId())
        .set(TRIAGE_ITEMS.TITLE, item.title())
        .set(TRIAGE_ITEMS.DESCRIPTION, item.description())
        .set(TRIAGE_ITEMS.PRIORITY, item.priority())
        .set(TRIAGE_ITEMS.ASSIGNEE_ID, item.assignee())
        .set(TRIAGE_ITEMS.CATEGORY, item.category())
        .returning()
        .fetchSingle(TriageQueries::item);
  }

  Optional<TriageItem> find(TenantTx tx, UUID id) {
    return tx.dsl()
        .selectFrom(TRIAGE_ITEMS)
        .where(own(tx), TRIAGE_ITEMS.ID.eq(id))
        .fetchOptional(TriageQueries::item);
  }

  /** As it is when nobody else changes it any more. */
  Optional<TriageItem> lock(TenantTx tx, UUID id) {
    return tx.dsl()
        .selectFrom(TRIAGE_ITEMS)
        .where(own(tx), TRIAGE_ITEMS.ID.eq(id))
        .forNoKeyUpdate()
        .fetchOptional(TriageQueries::item);
  }

  /** The changed item; empty if there is none of that version. */
  Optional<TriageItem> update(
      TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    return tx.dsl()
        .update(TRIAGE_ITEMS)
        .set(changes)
        .where(own(tx), TRIAGE_ITEMS.ID.eq(id), TRIAGE_ITEMS.VERSION.eq(version))
        .returning()
        .fetchOptional(TriageQueries::item);
  }

  Page<TriageItem> page(TenantTx tx, TriageFilter filter, PageRequest request) {
    Keyset keyset = Keyset.of(BY_PRIORITY, filter, tx.organizationId());
    List<TriageItem> rows =
        tx.dsl()
            .selectFrom(TRIAGE_ITEMS)
            .where(own(tx), matching(filter), after(keyset, request))
            .orderBy(TRIAGE_ITEMS.PRIORITY.desc(), TRIAGE_ITEMS.ID)
            .limit(request.limit() + 1)
            .fetch(TriageQueries::item);
    return keyset.page(rows, request, row -> List.of(row.priority().name(), row.id().toString()));
  }

  Page<TriageItem> similar(TenantTx tx, String title, TriageFilter filter, PageRequest request) {
    SearchQuery query = SearchQuery.of(title).within(filter);
    return BY_TITLE.page(tx, query, request, ids -> read(tx, filter, ids));
  }

  private static Map<UUID, TriageItem> read(TenantTx tx, TriageFilter filter, List<UUID> ids) {
    return tx.dsl()
        .selectFrom(TRIAGE_ITEMS)
        .where(own(tx), matching(filter), TRIAGE_ITEMS.ID.eq(DSL.any(ids.toArray(UUID[]::new))))
        .fetchMap(TRIAGE_ITEMS.ID, TriageQueries::item);
  }

  /** Written so that the index begins where the page does, though it goes both ways. */
  private static Condition after(Keyset keyset, PageRequest request) {
    List<String> position = keyset.position(request, 2);
    if (position.isEmpty()) {
      return DSL.noCondition();
    }
    try {
      Priority priority = Priority.valueOf(position.get(0));
      UUID id = UUID.fromString(position.get(1));
      return TRIAGE_ITEMS
          .PRIORITY
          .le(priority)
          .and(TRIAGE_ITEMS.PRIORITY.lt(priority).or(TRIAGE_ITEMS.ID.gt(id)));
    } catch (IllegalArgumentException e) {
      throw new InvalidCursorException(BY_PRIORITY, e);
    }
  }

  private static Condition own(TenantTx tx) {
    return TRIAGE_ITEMS.ORGANIZATION_ID.eq(tx.organizationId());
  }

  private static Condition matching(TriageFilter filter) {
    return DSL.and(
        equal(TRIAGE_ITEMS.STATUS, filter.status()),
        equal(TRIAGE_ITEMS.ASSIGNEE_ID, filter.assignee()),
        equal(TRIAGE_ITEMS.REPORTER_ID, filter.reporter()),
        equal(TRIAGE_ITEMS.CATEGORY, filter.category()));
  }

  private static <T> Condition equal(Field<T> column, @Nullable T value) {
    return value == null ? DSL.noCondition() : column.eq(value);
  }

  private static TriageItem item(TriageItemsRecord row) {
    return new TriageItem(
        row.getOrganizationId(),
        row.getId(),
        row.getTitle(),
        row.getDescription(),
        row.getReporterId(),
        row.getStatus(),
        row.getAssigneeId(),
        row.getPriority(),
        row.getCategory(),
        row.getResolution(),
        row.getClosedAt(),
        row.getClosedBy(),
        row.getWorkItemId(),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getVersion());
  }
}
