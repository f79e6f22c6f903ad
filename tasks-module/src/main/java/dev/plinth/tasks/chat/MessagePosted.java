package dev.plinth.tasks.chat;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** Something was said. */
public record MessagePosted(UUID organizationId, Room room, UUID messageId)
    implements DomainEvent {}
