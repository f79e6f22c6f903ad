package dev.plinth.projects.project;

import java.time.Instant;
import java.util.UUID;

/**
 * Somebody who works on a project.
 *
 * @param displayName what fellow members of the organization see
 * @param version counts the changes; an update names the one it saw
 */
public record ProjectMember(
    UUID organizationId,
    UUID projectId,
    UUID userId,
    ProjectRole role,
    String displayName,
    Instant createdAt,
    Instant updatedAt,
    int version) {}
