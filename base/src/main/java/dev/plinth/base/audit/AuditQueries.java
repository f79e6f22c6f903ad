package dev.plinth.base.audit;

import static dev.plinth.base.jooq.Tables.AUDIT_LOG;

import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.jooq.tables.records.AuditLogRecord;
import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The SQL of the audit log. Times are those in the ids, which the table is partitioned by. */
final class AuditQueries {

  private static final String NEWEST_FIRST = "audit-log-newest-first";
  private static final int TIME_SHIFT = 16;

  Page<AuditEntry> page(TenantTx tx, AuditFilter filter, PageRequest request) {
    Keyset keyset = Keyset.of(NEWEST_FIRST, filter, tx.organizationId());
    List<AuditEntry> rows =
        tx.dsl()
            .selectFrom(AUDIT_LOG)
            .where(
                AUDIT_LOG.ORGANIZATION_ID.eq(tx.organizationId()),
                matching(filter),
                before(keyset, request))
            .orderBy(AUDIT_LOG.ID.desc())
            .limit(request.limit() + 1)
            .fetch(AuditQueries::entry);
    return keyset.page(rows, request, row -> List.of(row.id().toString()));
  }

  void recordRead(TenantTx tx, String subjectType, @Nullable UUID subjectId) {
    tx.dsl().fetch("SELECT plinth_base.record_read(?, CAST(? AS uuid))", subjectType, subjectId);
  }

  private static Condition matching(AuditFilter filter) {
    return DSL.and(
        equal(AUDIT_LOG.SUBJECT_TYPE, filter.subjectType()),
        equal(AUDIT_LOG.SUBJECT_ID, filter.subjectId()),
        equal(AUDIT_LOG.USER_ID, filter.user()),
        equal(AUDIT_LOG.ACTOR, filter.actor()),
        filter.from() == null ? DSL.noCondition() : AUDIT_LOG.ID.ge(firstIdAt(filter.from())),
        filter.until() == null ? DSL.noCondition() : AUDIT_LOG.ID.lt(firstIdAt(filter.until())));
  }

  private static <T> Condition equal(Field<T> column, @Nullable T value) {
    return value == null ? DSL.noCondition() : column.eq(value);
  }

  /** As plinth_base.first_id_at says it. */
  private static UUID firstIdAt(Instant time) {
    return new UUID(time.toEpochMilli() << TIME_SHIFT, 0);
  }

  private static Condition before(Keyset keyset, PageRequest request) {
    List<String> position = keyset.position(request, 1);
    if (position.isEmpty()) {
      return DSL.noCondition();
    }
    try {
      return AUDIT_LOG.ID.lt(UUID.fromString(position.get(0)));
    } catch (IllegalArgumentException e) {
      throw new InvalidCursorException(NEWEST_FIRST, e);
    }
  }

  static AuditEntry entry(AuditLogRecord row) {
    return new AuditEntry(
        row.getOrganizationId(),
        row.getId(),
        row.getOccurredAt(),
        new Actor(row.getActorKind(), row.getUserId(), row.getActor()),
        row.getSubjectType(),
        row.getSubjectId(),
        row.getAction(),
        columns(row.getBefore()),
        columns(row.getAfter()),
        row.getIsSensitive(),
        row.getTransactionId());
  }

  private static Map<String, Object> columns(@Nullable Map<String, Object> stored) {
    return stored == null ? Map.of() : stored;
  }
}
