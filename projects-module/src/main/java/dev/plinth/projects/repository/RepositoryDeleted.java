package dev.plinth.projects.repository;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A repository was deleted, softly. */
public record RepositoryDeleted(UUID organizationId, UUID repositoryId) implements DomainEvent {}
