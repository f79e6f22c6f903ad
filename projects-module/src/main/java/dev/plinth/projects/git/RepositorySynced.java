package dev.plinth.projects.git;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A synchronisation found something new in a repository. */
public record RepositorySynced(UUID organizationId, UUID repositoryId) implements DomainEvent {}
