package dev.plinth.base.workspace;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A workspace was made. */
public record WorkspaceCreated(UUID organizationId, UUID workspaceId) implements DomainEvent {}
