package dev.plinth.tasks.triage;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** Of a triage item came a work item. */
public record TriageItemBecameWorkItem(UUID organizationId, UUID triageItemId, UUID workItemId)
    implements DomainEvent {}
