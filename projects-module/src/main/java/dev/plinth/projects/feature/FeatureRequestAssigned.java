package dev.plinth.projects.feature;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A member is to do it. */
public record FeatureRequestAssigned(UUID organizationId, UUID featureRequestId, UUID assignee)
    implements DomainEvent {}
