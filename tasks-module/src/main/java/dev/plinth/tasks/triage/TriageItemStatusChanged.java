package dev.plinth.tasks.triage;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A triage item moved on in its life. */
public record TriageItemStatusChanged(
    UUID organizationId, UUID triageItemId, TriageStatus before, TriageStatus after)
    implements DomainEvent {}
