package dev.plinth.base.organization;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** An organization was made. */
public record OrganizationCreated(UUID organizationId) implements DomainEvent {}
