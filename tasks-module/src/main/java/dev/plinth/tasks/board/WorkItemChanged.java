package dev.plinth.tasks.board;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A work item was changed, other than in its status and who does it. */
public record WorkItemChanged(UUID organizationId, UUID workItemId) implements DomainEvent {}
