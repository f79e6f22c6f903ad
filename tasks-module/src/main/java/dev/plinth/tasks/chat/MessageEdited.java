package dev.plinth.tasks.chat;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** An author changed what a message says. */
public record MessageEdited(UUID organizationId, Room room, UUID messageId)
    implements DomainEvent {}
