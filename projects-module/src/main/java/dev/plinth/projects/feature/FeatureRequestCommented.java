package dev.plinth.projects.feature;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** Somebody said something to a feature request. */
public record FeatureRequestCommented(UUID organizationId, UUID featureRequestId, UUID commentId)
    implements DomainEvent {}
