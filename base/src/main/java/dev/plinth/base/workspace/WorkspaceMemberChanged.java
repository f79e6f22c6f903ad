package dev.plinth.base.workspace;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/**
 * Somebody came to a workspace, left it, or has another role in it.
 *
 * @param member whether the user belongs to it now
 */
public record WorkspaceMemberChanged(
    UUID organizationId, UUID workspaceId, UUID userId, WorkspaceRole role, boolean member)
    implements DomainEvent {}
