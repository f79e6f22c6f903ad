package dev.plinth.tasks.board;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A work item was made. */
public record WorkItemCreated(UUID organizationId, UUID workItemId) implements DomainEvent {}
