package dev.plinth.projects.repository;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/**
 * A project works with a repository, no longer does, or does in another role.
 *
 * @param linked whether it works with it now
 */
public record RepositoryLinked(
    UUID organizationId, UUID projectId, UUID repositoryId, LinkRole role, boolean linked)
    implements DomainEvent {}
