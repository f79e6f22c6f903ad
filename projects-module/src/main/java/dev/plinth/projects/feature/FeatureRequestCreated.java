package dev.plinth.projects.feature;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** Somebody proposed something. */
public record FeatureRequestCreated(UUID organizationId, UUID projectId, UUID featureRequestId)
    implements DomainEvent {}
