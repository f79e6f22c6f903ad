package dev.plinth.base.audit;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One change, or one read of something sensitive.
 *
 * @param occurredAt by the database's clock, to the millisecond
 * @param subjectType the table, as {@code schema.table}; of a read what the module calls it
 * @param subjectIdOrNull the id of the row, or null where many were read
 * @param before the columns that were updated, or all that were deleted; else empty
 * @param after the columns that were updated, or all that were inserted; else empty
 * @param sensitive whether reading this entry is recorded
 * @param transactionId the same for what was done at once
 */
public record AuditEntry(
    UUID organizationId,
    UUID id,
    Instant occurredAt,
    Actor actor,
    String subjectType,
    @Nullable UUID subjectIdOrNull,
    AuditAction action,
    Map<String, Object> before,
    Map<String, Object> after,
    boolean sensitive,
    long transactionId) {

  /** The id of the row; empty where many were read. */
  public Optional<UUID> subjectId() {
    return Optional.ofNullable(subjectIdOrNull);
  }
}
