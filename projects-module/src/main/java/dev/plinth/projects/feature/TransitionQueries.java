package dev.plinth.projects.feature;

import static dev.plinth.projects.jooq.Tables.FEATURE_REQUEST_STATUS_PERIODS;
import static dev.plinth.projects.jooq.Tables.FEATURE_REQUEST_TRANSITIONS;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.jooq.tables.records.FeatureRequestStatusPeriodsRecord;
import dev.plinth.projects.jooq.tables.records.FeatureRequestTransitionsRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The SQL of transitions, which triggers write. */
final class TransitionQueries {

  private static final String BY_ID = "feature-request-transitions-by-id";

  Page<Transition> page(TenantTx tx, UUID featureRequest, PageRequest request) {
    Keyset keyset = Keyset.of(BY_ID, featureRequest, tx.organizationId());
    List<Transition> rows =
        tx.dsl()
            .selectFrom(FEATURE_REQUEST_TRANSITIONS)
            .where(
                FEATURE_REQUEST_TRANSITIONS.ORGANIZATION_ID.eq(tx.organizationId()),
                FEATURE_REQUEST_TRANSITIONS.FEATURE_REQUEST_ID.eq(featureRequest),
                keyset.after(request, FEATURE_REQUEST_TRANSITIONS.ID, UUID::fromString))
            .orderBy(FEATURE_REQUEST_TRANSITIONS.ID)
            .limit(request.limit() + 1)
            .fetch(TransitionQueries::transition);
    return keyset.page(rows, request, row -> List.of(row.id().toString()));
  }

  List<StatusPeriod> statusPeriods(TenantTx tx, UUID featureRequest) {
    return tx.dsl()
        .selectFrom(FEATURE_REQUEST_STATUS_PERIODS)
        .where(
            FEATURE_REQUEST_STATUS_PERIODS.ORGANIZATION_ID.eq(tx.organizationId()),
            FEATURE_REQUEST_STATUS_PERIODS.FEATURE_REQUEST_ID.eq(featureRequest))
        .orderBy(FEATURE_REQUEST_STATUS_PERIODS.ID)
        .fetch(row -> period(row, tx.now()));
  }

  private static StatusPeriod period(FeatureRequestStatusPeriodsRecord row, Instant now) {
    Instant until = row.getLeftAt() == null ? now : row.getLeftAt();
    return new StatusPeriod(
        row.getStatus(),
        row.getAuthorId(),
        row.getEnteredAt(),
        row.getLeftAt(),
        Duration.between(row.getEnteredAt(), until));
  }

  private static Transition transition(FeatureRequestTransitionsRecord row) {
    return new Transition(
        row.getOrganizationId(),
        row.getId(),
        row.getFeatureRequestId(),
        row.getField(),
        row.getFromValue(),
        row.getToValue(),
        row.getAuthorId(),
        row.getCreatedAt());
  }
}
