package dev.plinth.tasks.queue;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/**
 * Somebody cancelled a task.
 *
 * @param isRunning that it runs, and was asked to stop
 */
public record TaskCancelled(UUID organizationId, UUID taskId, boolean isRunning)
    implements DomainEvent {}
