package dev.plinth.tasks.definition;

import dev.plinth.base.sql.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A kind of task that an organization has.
 *
 * @param handler the function of the host that does them; workers register it by this name
 * @param queue where they wait unless a task says otherwise
 * @param priority unless a task says otherwise
 * @param inputSchemaOrNull JSON Schema that inputs keep to, or null for any object
 * @param defaultInput what an input has where the task does not say it; top-level members only
 * @param timeout how long one attempt may take
 * @param resourceRequirements what an attempt needs, in the host's words; not enforced
 * @param metadata the host's own
 * @param deletedAtOrNull since when nothing is enqueued for it, or null
 * @param version counts the changes
 */
public record TaskDefinition(
    UUID organizationId,
    UUID id,
    String name,
    String handler,
    String queue,
    Priority priority,
    @Nullable Map<String, Object> inputSchemaOrNull,
    Map<String, Object> defaultInput,
    Duration timeout,
    RetryPolicy retry,
    Limits limits,
    Map<String, Object> resourceRequirements,
    Map<String, Object> metadata,
    @Nullable Instant deletedAtOrNull,
    Instant createdAt,
    Instant updatedAt,
    int version) {

  /** JSON Schema that inputs keep to; empty for any object. */
  public Optional<Map<String, Object>> inputSchema() {
    return Optional.ofNullable(inputSchemaOrNull);
  }

  /** Since when nothing is enqueued for it any more; empty while it is there. */
  public Optional<Instant> deletedAt() {
    return Optional.ofNullable(deletedAtOrNull);
  }
}
