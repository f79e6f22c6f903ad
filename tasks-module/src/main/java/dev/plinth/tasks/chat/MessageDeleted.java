package dev.plinth.tasks.chat;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** Of a message only its place is left. */
public record MessageDeleted(UUID organizationId, Room room, UUID messageId)
    implements DomainEvent {}
