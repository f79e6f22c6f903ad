package dev.plinth.projects.feature;

import dev.plinth.base.sql.Priority;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wishes of a project.
 *
 * @param parentOrNull what it is a part of, or null
 * @param requesterOrNull the member who proposed it, or null where a service did
 * @param assigneeOrNull the member who does it, or null
 * @param deadlineOrNull overdue from the day after, in UTC; or null
 * @param completedAtOrNull when it became completed, or null
 * @param complexityOrNull 0 to 10 as the project estimates it, or null
 * @param metadata the host's own
 * @param voteWeight of all votes together
 * @param commentCount without deleted ones
 * @param ownVoteOrNull the weight of the vote of who asks, or null
 * @param version counts the changes; an update names the one it saw
 */
public record FeatureRequest(
    UUID organizationId,
    UUID id,
    UUID projectId,
    @Nullable UUID parentOrNull,
    String title,
    String description,
    FeatureStatus status,
    Priority priority,
    @Nullable UUID requesterOrNull,
    @Nullable UUID assigneeOrNull,
    @Nullable LocalDate deadlineOrNull,
    @Nullable Instant completedAtOrNull,
    @Nullable Short complexityOrNull,
    Map<String, Object> metadata,
    int voteCount,
    BigDecimal voteWeight,
    int commentCount,
    @Nullable BigDecimal ownVoteOrNull,
    Instant createdAt,
    Instant updatedAt,
    int version) {

  /** What it is a part of, if anything. */
  public Optional<UUID> parent() {
    return Optional.ofNullable(parentOrNull);
  }

  /** The member who proposed it; empty where a service did. */
  public Optional<UUID> requester() {
    return Optional.ofNullable(requesterOrNull);
  }

  /** The member who does it, if one is named. */
  public Optional<UUID> assignee() {
    return Optional.ofNullable(assigneeOrNull);
  }

  /** The last day on which it is not overdue, if that is said. */
  public Optional<LocalDate> deadline() {
    return Optional.ofNullable(deadlineOrNull);
  }

  /** When it became completed; empty before. */
  public Optional<Instant> completedAt() {
    return Optional.ofNullable(completedAtOrNull);
  }

  /** 0 to 10, if it was estimated. */
  public OptionalInt complexity() {
    return complexityOrNull == null ? OptionalInt.empty() : OptionalInt.of(complexityOrNull);
  }

  /** The weight of the vote of who asks; empty if there is none. */
  public Optional<BigDecimal> ownVote() {
    return Optional.ofNullable(ownVoteOrNull);
  }
}
