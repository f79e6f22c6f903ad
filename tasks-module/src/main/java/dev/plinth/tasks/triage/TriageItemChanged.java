package dev.plinth.tasks.triage;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A triage item has other words, another priority, category or assignee. */
public record TriageItemChanged(UUID organizationId, UUID triageItemId) implements DomainEvent {}
