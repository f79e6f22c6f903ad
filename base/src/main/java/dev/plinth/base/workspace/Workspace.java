package dev.plinth.base.workspace;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A team inside an organization.
 *
 * @param slug unique in the organization
 * @param metadata the host's own
 * @param version counts the changes; an update names the one it saw
 */
public record Workspace(
    UUID organizationId,
    UUID id,
    String slug,
    String name,
    String description,
    Map<String, Object> metadata,
    Instant createdAt,
    Instant updatedAt,
    int version) {}
