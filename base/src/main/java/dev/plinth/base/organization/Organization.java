package dev.plinth.base.organization;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A tenant.
 *
 * @param slug unique on this database
 * @param settings the host's own
 * @param version counts the changes; an update names the one it saw
 */
public record Organization(
    UUID id,
    String slug,
    String name,
    OrganizationStatus status,
    Map<String, Object> settings,
    Instant createdAt,
    Instant updatedAt,
    int version) {}
