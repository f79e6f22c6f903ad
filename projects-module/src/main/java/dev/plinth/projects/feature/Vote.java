package dev.plinth.projects.feature;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/**
 * That a member wants a feature request.
 *
 * @param displayName what fellow members see of the voter, also of one who left
 * @param weight as the host said when the vote was given
 */
public record Vote(
    UUID organizationId,
    UUID featureRequestId,
    UUID userId,
    String displayName,
    BigDecimal weight,
    Instant createdAt,
    Instant updatedAt) {}
