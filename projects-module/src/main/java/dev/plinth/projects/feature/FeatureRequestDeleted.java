package dev.plinth.projects.feature;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A feature request was deleted, softly. */
public record FeatureRequestDeleted(UUID organizationId, UUID featureRequestId)
    implements DomainEvent {}
