package dev.plinth.tasks.queue;

import java.time.Instant;
import java.util.UUID;

/**
 * What a handler said while it worked.
 *
 * @param line the first of an attempt is 1
 * @param loggedAt by the clock of the worker's host
 */
public record TaskLogLine(
    UUID organizationId,
    UUID id,
    UUID taskId,
    int attempt,
    int line,
    LogLevel level,
    String message,
    Instant loggedAt) {}
