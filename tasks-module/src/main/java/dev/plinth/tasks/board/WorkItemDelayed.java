package dev.plinth.tasks.board;

import dev.plinth.base.tenancy.DomainEvent;
import java.time.Instant;
import java.util.UUID;

/** The background job found that a work item is open after its end. */
public record WorkItemDelayed(UUID organizationId, UUID workItemId, Instant end)
    implements DomainEvent {}
