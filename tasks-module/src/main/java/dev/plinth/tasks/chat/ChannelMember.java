package dev.plinth.tasks.chat;

import java.time.Instant;
import java.util.UUID;

/**
 * Who follows a channel.
 *
 * @param displayName what fellow members see
 */
public record ChannelMember(UUID channelId, UUID userId, String displayName, Instant joinedAt) {}
