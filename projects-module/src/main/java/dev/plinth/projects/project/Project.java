package dev.plinth.projects.project;

import dev.plinth.base.sql.Priority;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What work of an organization is for.
 *
 * @param key short name, unique in the organization
 * @param completedAtOrNull when it became completed, or null
 * @param ownerOrNull the member who answers for it, or null
 * @param workspaceOrNull the workspace that it belongs to, which may be deleted; or null
 * @param metadata the host's own
 * @param version counts the changes; an update names the one it saw
 */
public record Project(
    UUID organizationId,
    UUID id,
    String key,
    String name,
    String description,
    String goals,
    ProjectStatus status,
    Priority priority,
    @Nullable LocalDate startDateOrNull,
    @Nullable LocalDate targetDateOrNull,
    @Nullable Instant completedAtOrNull,
    @Nullable UUID ownerOrNull,
    @Nullable UUID workspaceOrNull,
    List<String> tags,
    Map<String, Object> metadata,
    Instant createdAt,
    Instant updatedAt,
    int version) {

  /** When work begins, if that is said. */
  public Optional<LocalDate> startDate() {
    return Optional.ofNullable(startDateOrNull);
  }

  /** When it is to be completed, if that is said. */
  public Optional<LocalDate> targetDate() {
    return Optional.ofNullable(targetDateOrNull);
  }

  /** When it became completed; empty before. */
  public Optional<Instant> completedAt() {
    return Optional.ofNullable(completedAtOrNull);
  }

  /** The member who answers for it, if there is one. */
  public Optional<UUID> owner() {
    return Optional.ofNullable(ownerOrNull);
  }

  /** The workspace that it belongs to, if any; it may be deleted. */
  public Optional<UUID> workspace() {
    return Optional.ofNullable(workspaceOrNull);
  }
}
