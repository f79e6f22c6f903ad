package dev.plinth.tasks.board;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A work item is for somebody else to do. */
public record WorkItemHandedOver(
    UUID organizationId, UUID workItemId, Assignment from, Assignment to) implements DomainEvent {}
