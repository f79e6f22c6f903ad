package dev.plinth.tasks.triage;

import dev.plinth.base.sql.Priority;
import dev.plinth.tasks.board.NewWorkItem;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What came in and is to be looked at.
 *
 * @param reporterOrNull the member who reported it, or null where a service did
 * @param assigneeOrNull the member who looks, or null
 * @param categoryOrNull in the host's words, or null
 * @param resolutionOrNull what came of it, or null while it is not resolved
 * @param closedAtOrNull when it was resolved or rejected, or null
 * @param closedByOrNull the member who did that, or null
 * @param workItemOrNull what it became, or null
 * @param version counts the changes; an update names the one it saw
 */
public record TriageItem(
    UUID organizationId,
    UUID id,
    String title,
    String description,
    @Nullable UUID reporterOrNull,
    TriageStatus status,
    @Nullable UUID assigneeOrNull,
    Priority priority,
    @Nullable String categoryOrNull,
    @Nullable String resolutionOrNull,
    @Nullable Instant closedAtOrNull,
    @Nullable UUID closedByOrNull,
    @Nullable UUID workItemOrNull,
    Instant createdAt,
    Instant updatedAt,
    int version) {

  /** The member who reported it; empty where a service did. */
  public Optional<UUID> reporter() {
    return Optional.ofNullable(reporterOrNull);
  }

  /** The member who looks, if one is named. */
  public Optional<UUID> assignee() {
    return Optional.ofNullable(assigneeOrNull);
  }

  /** Of which kind it is, if somebody said so. */
  public Optional<String> category() {
    return Optional.ofNullable(categoryOrNull);
  }

  /** What came of it; empty while it is not resolved. */
  public Optional<String> resolution() {
    return Optional.ofNullable(resolutionOrNull);
  }

  /** When it was resolved or rejected; empty while it is open. */
  public Optional<Instant> closedAt() {
    return Optional.ofNullable(closedAtOrNull);
  }

  /** The member who resolved or rejected it; empty where it is open or a service did. */
  public Optional<UUID> closedBy() {
    return Optional.ofNullable(closedByOrNull);
  }

  /** What it became, if it did; not everybody who sees this item sees that one. */
  public Optional<UUID> workItem() {
    return Optional.ofNullable(workItemOrNull);
  }

  /** A task of the same title, description and priority: what {@link TriageItems#become} takes. */
  public NewWorkItem asTask() {
    return NewWorkItem.task(title).description(description).priority(priority);
  }
}
