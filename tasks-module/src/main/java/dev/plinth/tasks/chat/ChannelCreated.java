package dev.plinth.tasks.chat;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** There is a new channel. */
public record ChannelCreated(UUID organizationId, UUID channelId) implements DomainEvent {}
