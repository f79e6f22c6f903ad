package dev.plinth.projects.project;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A project was made. */
public record ProjectCreated(UUID organizationId, UUID projectId) implements DomainEvent {}
