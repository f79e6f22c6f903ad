package dev.plinth.tasks.board;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A work item went from one status to another. */
public record WorkItemStatusChanged(
    UUID organizationId, UUID workItemId, WorkItemStatus from, WorkItemStatus to)
    implements DomainEvent {}
