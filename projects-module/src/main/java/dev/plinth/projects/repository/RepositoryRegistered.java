package dev.plinth.projects.repository;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A repository was registered for the first time. */
public record RepositoryRegistered(UUID organizationId, UUID repositoryId) implements DomainEvent {}
