package dev.plinth.tasks.queue;

import dev.plinth.base.tenancy.DomainEvent;
import java.time.Instant;
import java.util.UUID;

/**
 * A task that waits may begin at another time.
 *
 * @param notBefore what was asked for; the time of the transaction for anything earlier
 */
public record TaskRescheduled(UUID organizationId, UUID taskId, Instant notBefore)
    implements DomainEvent {}
