package dev.plinth.tasks.schedule;

import dev.plinth.base.tenancy.DomainEvent;
import java.time.Instant;
import java.util.UUID;

/**
 * A schedule could not enqueue its task; why stands in {@link TaskSchedule#failure()}.
 *
 * @param instant for which, the first if there were several
 */
public record TaskScheduleFailed(UUID organizationId, UUID scheduleId, Instant instant)
    implements DomainEvent {}
