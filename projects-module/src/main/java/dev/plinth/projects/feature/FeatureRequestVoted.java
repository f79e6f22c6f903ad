package dev.plinth.projects.feature;

import dev.plinth.base.tenancy.DomainEvent;
import java.math.BigDecimal;
import java.util.UUID;

/** A member voted, or gave the own vote another weight. */
public record FeatureRequestVoted(
    UUID organizationId, UUID featureRequestId, UUID userId, BigDecimal weight)
    implements DomainEvent {}
