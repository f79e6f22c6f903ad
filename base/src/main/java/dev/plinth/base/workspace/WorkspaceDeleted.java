package dev.plinth.base.workspace;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A workspace was deleted. */
public record WorkspaceDeleted(UUID organizationId, UUID workspaceId) implements DomainEvent {}
