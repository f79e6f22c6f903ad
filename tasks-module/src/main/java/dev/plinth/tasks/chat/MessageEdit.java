package dev.plinth.tasks.chat;

import java.time.Instant;
import java.util.UUID;

/**
 * A change of a message by its author.
 *
 * @param previousBody what it said before
 */
public record MessageEdit(
    UUID id, UUID messageId, UUID editorId, String previousBody, Instant editedAt) {}
