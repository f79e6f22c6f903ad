package dev.plinth.projects.feature;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** Something of a feature request changed, other than its status. */
public record FeatureRequestChanged(UUID organizationId, UUID featureRequestId)
    implements DomainEvent {}
