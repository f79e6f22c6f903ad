package dev.plinth.projects.feature;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** The author of a comment changed it. */
public record FeatureRequestCommentEdited(
    UUID organizationId, UUID featureRequestId, UUID commentId) implements DomainEvent {}
