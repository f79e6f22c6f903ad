package dev.plinth.tasks.chat;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** There is a new conversation; a listener finds it only where a participant acts. */
public record ConversationOpened(UUID organizationId, UUID conversationId) implements DomainEvent {}
