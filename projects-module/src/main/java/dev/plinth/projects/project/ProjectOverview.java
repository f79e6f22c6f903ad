package dev.plinth.projects.project;

import dev.plinth.base.sql.Priority;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A project at a glance; deleted repositories and members who left are not in it.
 *
 * @param ownerNameOrNull what fellow members see of the owner, or null
 * @param repositoryNames sorted
 * @param openFeatureRequestCount neither completed nor rejected
 * @param overdueFeatureRequestCount open after their deadline, by the day in UTC
 * @param overdue still to be done after its target date, by the day in UTC
 * @param daysToTargetOrNull negative when it has passed; null without a target date
 */
public record ProjectOverview(
    UUID organizationId,
    UUID projectId,
    String key,
    String name,
    ProjectStatus status,
    Priority priority,
    @Nullable LocalDate startDateOrNull,
    @Nullable LocalDate targetDateOrNull,
    @Nullable Instant completedAtOrNull,
    @Nullable UUID ownerOrNull,
    @Nullable String ownerNameOrNull,
    List<String> repositoryNames,
    long repositoryCount,
    long branchCount,
    long memberCount,
    long featureRequestCount,
    long openFeatureRequestCount,
    long overdueFeatureRequestCount,
    boolean overdue,
    @Nullable Integer daysToTargetOrNull) {

  /** When it is to be completed, if that is said. */
  public Optional<LocalDate> targetDate() {
    return Optional.ofNullable(targetDateOrNull);
  }

  /** When it became completed; empty before. */
  public Optional<Instant> completedAt() {
    return Optional.ofNullable(completedAtOrNull);
  }

  /** What fellow members see of the owner, if there is one. */
  public Optional<String> ownerName() {
    return Optional.ofNullable(ownerNameOrNull);
  }

  /** Days until the target date, negative when it has passed; empty without one. */
  public OptionalInt daysToTarget() {
    return daysToTargetOrNull == null ? OptionalInt.empty() : OptionalInt.of(daysToTargetOrNull);
  }
}
