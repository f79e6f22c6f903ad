package dev.plinth.tasks.queue;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/** A task that was given up or cancelled waits again. */
public record TaskReplayed(UUID organizationId, UUID taskId) implements DomainEvent {}
