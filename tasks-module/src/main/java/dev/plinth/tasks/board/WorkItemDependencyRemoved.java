package dev.plinth.tasks.board;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A work item waits for another no more. */
public record WorkItemDependencyRemoved(UUID organizationId, UUID blockerId, UUID blockedId)
    implements DomainEvent {}
