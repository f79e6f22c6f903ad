package dev.plinth.tasks.board;

import dev.plinth.base.sql.Priority;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that people do.
 *
 * @param projectOrNull the project that it is of, or null
 * @param parentOrNull what it is part of, if that is seen by who asks; else null
 * @param assignment who does it, and so who sees it
 * @param creatorOrNull the member who made it, or null where a service did
 * @param startOrNull when it is planned to begin, or null
 * @param endOrNull by when it is to be done, or null
 * @param startedAtOrNull when it was first in progress since it was last cancelled, or null
 * @param completedAtOrNull when it became done, or null
 * @param delayed whether it is open after its end, by the time of the transaction that read it
 * @param delayedAtOrNull when the background job noted that it is delayed, or null
 * @param pointsOrNull how big it is, as the team estimates it, or null
 * @param rank where it stands among others, the lowest first
 * @param metadata the host's own
 * @param version counts the changes; an update names the one it saw
 */
public record WorkItem(
    UUID organizationId,
    UUID id,
    @Nullable UUID projectOrNull,
    @Nullable UUID parentOrNull,
    WorkItemKind kind,
    String title,
    String description,
    WorkItemStatus status,
    Priority priority,
    Assignment assignment,
    @Nullable UUID creatorOrNull,
    @Nullable Instant startOrNull,
    @Nullable Instant endOrNull,
    @Nullable Instant startedAtOrNull,
    @Nullable Instant completedAtOrNull,
    boolean delayed,
    @Nullable Instant delayedAtOrNull,
    @Nullable BigDecimal pointsOrNull,
    BigDecimal rank,
    Map<String, Object> metadata,
    Instant createdAt,
    Instant updatedAt,
    int version) {

  /** The project that it is of, if any. */
  public Optional<UUID> project() {
    return Optional.ofNullable(projectOrNull);
  }

  /** What it is part of, if anything that is seen by who asks. */
  public Optional<UUID> parent() {
    return Optional.ofNullable(parentOrNull);
  }

  /** The member who made it; empty where a service did. */
  public Optional<UUID> creator() {
    return Optional.ofNullable(creatorOrNull);
  }

  /** When it is planned to begin, if that is said. */
  public Optional<Instant> start() {
    return Optional.ofNullable(startOrNull);
  }

  /** By when it is to be done, if that is said. */
  public Optional<Instant> end() {
    return Optional.ofNullable(endOrNull);
  }

  /** When it was first in progress since it was last cancelled, if it was. */
  public Optional<Instant> startedAt() {
    return Optional.ofNullable(startedAtOrNull);
  }

  /** When it became done; empty before. */
  public Optional<Instant> completedAt() {
    return Optional.ofNullable(completedAtOrNull);
  }

  /** When the background job noted that it is delayed; empty before. */
  public Optional<Instant> delayedAt() {
    return Optional.ofNullable(delayedAtOrNull);
  }

  /** How big it is, if it was estimated. */
  public Optional<BigDecimal> points() {
    return Optional.ofNullable(pointsOrNull);
  }
}
