package dev.plinth.projects.project;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/**
 * Somebody came to a project, left it, or has another role in it.
 *
 * @param member whether the user works on it now
 */
public record ProjectMemberChanged(
    UUID organizationId, UUID projectId, UUID userId, ProjectRole role, boolean member)
    implements DomainEvent {}
