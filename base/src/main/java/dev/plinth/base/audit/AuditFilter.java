package dev.plinth.base.audit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of an organization; what is null does not matter.
 *
 * @param subjectType the table, as {@code schema.table}, or what a module calls what was read
 * @param subjectId the row
 * @param user the member who acted
 * @param actor the name of the service, the reason of the system or the login that acted
 * @param from not before this time, to the millisecond
 * @param until before this time, to the millisecond
 */
public record AuditFilter(
    @Nullable String subjectType,
    @Nullable UUID subjectId,
    @Nullable UUID user,
    @Nullable String actor,
    @Nullable Instant from,
    @Nullable Instant until) {

  /** All of them. */
  public static AuditFilter all() {
    return new AuditFilter(null, null, null, null, null, null);
  }

  /** The same of one table only, as {@code schema.table}. */
  public AuditFilter ofType(String type) {
    return new AuditFilter(type, subjectId, user, actor, from, until);
  }

  /** The same of one row only. */
  public AuditFilter of(UUID subject) {
    return new AuditFilter(subjectType, subject, user, actor, from, until);
  }

  /** The same by one member only. */
  public AuditFilter byUser(UUID member) {
    return new AuditFilter(subjectType, subjectId, member, actor, from, until);
  }

  /** The same by one service, reason of the system, or login only. */
  public AuditFilter by(String name) {
    return new AuditFilter(subjectType, subjectId, user, name, from, until);
  }

  /** The same from one time to another, which is excluded. */
  public AuditFilter between(Instant start, Instant end) {
    return new AuditFilter(subjectType, subjectId, user, actor, start, end);
  }
}
