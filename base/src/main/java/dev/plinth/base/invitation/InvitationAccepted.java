package dev.plinth.base.invitation;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** An invitation was accepted: its user is a member now. */
public record InvitationAccepted(UUID organizationId, UUID invitationId, UUID userId)
    implements DomainEvent {}
