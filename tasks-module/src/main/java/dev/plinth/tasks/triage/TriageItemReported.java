package dev.plinth.tasks.triage;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** Something came in. */
public record TriageItemReported(UUID organizationId, UUID triageItemId) implements DomainEvent {}
