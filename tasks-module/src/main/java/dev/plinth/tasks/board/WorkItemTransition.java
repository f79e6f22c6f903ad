package dev.plinth.tasks.board;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a work item stood after a change, as it is kept for ever.
 *
 * @param itemVersion the version that the item had then
 * @param changed what was not as before
 * @param assignment who was to do it then
 * @param deleted whether it was deleted then
 * @param authorOrNull the member who did it, or null where a service did
 * @param at when, never before the transition before
 */
public record WorkItemTransition(
    UUID organizationId,
    UUID id,
    UUID workItemId,
    int itemVersion,
    Set<TransitionField> changed,
    @Nullable UUID projectOrNull,
    WorkItemStatus status,
    Assignment assignment,
    Schedule schedule,
    @Nullable BigDecimal pointsOrNull,
    boolean deleted,
    @Nullable UUID authorOrNull,
    Instant at) {

  /** Copies the set. */
  public WorkItemTransition {
    changed = Set.copyOf(changed);
  }

  /** The project that it was of then, if any. */
  public Optional<UUID> project() {
    return Optional.ofNullable(projectOrNull);
  }

  /** How big it was then, if it was estimated. */
  public Optional<BigDecimal> points() {
    return Optional.ofNullable(pointsOrNull);
  }

  /** The member who did it; empty where a service did. */
  public Optional<UUID> author() {
    return Optional.ofNullable(authorOrNull);
  }
}
