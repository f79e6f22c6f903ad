package dev.plinth.projects.repository;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** Something else is known of a repository: its name, its address, its configuration. */
public record RepositoryChanged(UUID organizationId, UUID repositoryId) implements DomainEvent {}
