package dev.plinth.projects.project;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A project went from one status to another. */
public record ProjectStatusChanged(
    UUID organizationId, UUID projectId, ProjectStatus from, ProjectStatus to)
    implements DomainEvent {}
