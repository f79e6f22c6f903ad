package dev.plinth.tasks.queue;

import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A task that waits is more or less urgent than before. */
public record TaskReprioritized(UUID organizationId, UUID taskId, Priority priority)
    implements DomainEvent {}
