package dev.plinth.tasks.chat;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A channel has another name or topic, was archived or opened again. */
public record ChannelChanged(UUID organizationId, UUID channelId) implements DomainEvent {}
