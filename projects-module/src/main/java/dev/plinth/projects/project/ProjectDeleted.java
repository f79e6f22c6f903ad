package dev.plinth.projects.project;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A project was deleted, softly. */
public record ProjectDeleted(UUID organizationId, UUID projectId) implements DomainEvent {}
