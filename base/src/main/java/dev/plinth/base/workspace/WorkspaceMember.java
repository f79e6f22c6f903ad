package dev.plinth.base.workspace;

import java.time.Instant;
import java.util.UUID;

/**
 * Somebody who belongs to a workspace.
 *
 * @param displayName what fellow members of the organization see
 * @param version counts the changes; an update names the one it saw
 */
public record WorkspaceMember(
    UUID organizationId,
    UUID workspaceId,
    UUID userId,
    WorkspaceRole role,
    String displayName,
    Instant createdAt,
    Instant updatedAt,
    int version) {}
