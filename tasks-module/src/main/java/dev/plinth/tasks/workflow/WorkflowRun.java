package dev.plinth.tasks.workflow;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run of a workflow, or of a graph that no workflow holds.
 *
 * @param workflowIdOrNull the workflow, or null
 * @param workflowVersionOrNull which version of it, or null
 * @param name that of the workflow when the run began
 * @param input what every task of it had in its input, unless its node said otherwise
 * @param startedByOrNull the member who began it, or null where a service did
 * @param failedAtOrNull when something first failed that nothing provided for, or null
 * @param cancelRequestedAtOrNull when somebody cancelled it, or null
 * @param finishedAtOrNull when the last of its tasks ended, or null before
 */
public record WorkflowRun(
    UUID organizationId,
    UUID id,
    @Nullable UUID workflowIdOrNull,
    @Nullable Integer workflowVersionOrNull,
    String name,
    FailurePolicy failurePolicy,
    Map<String, Object> input,
    RunStatus status,
    @Nullable UUID startedByOrNull,
    Instant startedAt,
    @Nullable Instant failedAtOrNull,
    @Nullable Instant cancelRequestedAtOrNull,
    @Nullable Instant finishedAtOrNull) {

  /** The workflow, if one holds its graph. */
  public Optional<UUID> workflowId() {
    return Optional.ofNullable(workflowIdOrNull);
  }

  /** The version of the workflow, if one holds its graph. */
  public OptionalInt workflowVersion() {
    return workflowVersionOrNull == null
        ? OptionalInt.empty()
        : OptionalInt.of(workflowVersionOrNull);
  }

  /** The member who began it; empty where a service did. */
  public Optional<UUID> startedBy() {
    return Optional.ofNullable(startedByOrNull);
  }

  /** When something first failed that nothing provided for. */
  public Optional<Instant> failedAt() {
    return Optional.ofNullable(failedAtOrNull);
  }

  /** When somebody cancelled it. */
  public Optional<Instant> cancelRequestedAt() {
    return Optional.ofNullable(cancelRequestedAtOrNull);
  }

  /** When the last of its tasks ended; empty before. */
  public Optional<Instant> finishedAt() {
    return Optional.ofNullable(finishedAtOrNull);
  }
}
