package dev.plinth.projects.feature;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A feature request went from one status to another. */
public record FeatureRequestStatusChanged(
    UUID organizationId, UUID featureRequestId, FeatureStatus from, FeatureStatus to)
    implements DomainEvent {}
