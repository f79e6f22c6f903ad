package dev.plinth.base.notification;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A user was told something; not published for what was told already. */
public record NotificationCreated(UUID organizationId, UUID userId, UUID notificationId)
    implements DomainEvent {}
