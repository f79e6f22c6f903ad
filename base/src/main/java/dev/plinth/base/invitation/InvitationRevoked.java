package dev.plinth.base.invitation;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** An invitation was revoked. */
public record InvitationRevoked(UUID organizationId, UUID invitationId) implements DomainEvent {}
