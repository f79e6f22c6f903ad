package dev.plinth.projects.feature;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A comment was deleted, softly. */
public record FeatureRequestCommentDeleted(
    UUID organizationId, UUID featureRequestId, UUID commentId) implements DomainEvent {}
