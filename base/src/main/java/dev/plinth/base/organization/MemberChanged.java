package dev.plinth.base.organization;

import dev.plinth.base.tenancy.DomainEvent;
import dev.plinth.base.tenancy.MemberRole;
import java.util.UUID;

/**
 * A member joined, left, or has another role.
 *
 * @param member whether the user is one now
 */
public record MemberChanged(UUID organizationId, UUID userId, MemberRole role, boolean member)
    implements DomainEvent {}
