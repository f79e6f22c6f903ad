package dev.plinth.projects.feature;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A member took the own vote back. */
public record FeatureRequestVoteWithdrawn(UUID organizationId, UUID featureRequestId, UUID userId)
    implements DomainEvent {}
