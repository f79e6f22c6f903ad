package dev.plinth.projects.feature;

import static dev.plinth.base.jooq.Tables.ORGANIZATION_MEMBERS;
import static dev.plinth.projects.jooq.Tables.FEATURE_REQUEST_VOTES;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** The SQL of votes. */
final class VoteQueries {

  private static final String BY_USER = "feature-request-votes-by-user";

  /** Whether that is news: no vote of who acts, or one of another weight, was there. */
  boolean put(TenantTx tx, UUID featureRequest, BigDecimal weight) {
    return tx.dsl()
            .insertInto(FEATURE_REQUEST_VOTES)
            .set(FEATURE_REQUEST_VOTES.ORGANIZATION_ID, tx.organizationId())
            .set(FEATURE_REQUEST_VOTES.FEATURE_REQUEST_ID, featureRequest)
            .set(FEATURE_REQUEST_VOTES.WEIGHT, weight)
            .onConflict(
                FEATURE_REQUEST_VOTES.ORGANIZATION_ID,
                FEATURE_REQUEST_VOTES.FEATURE_REQUEST_ID,
                FEATURE_REQUEST_VOTES.USER_ID)
            .doUpdate()
            .set(FEATURE_REQUEST_VOTES.WEIGHT, DSL.excluded(FEATURE_REQUEST_VOTES.WEIGHT))
            .where(FEATURE_REQUEST_VOTES.WEIGHT.ne(DSL.excluded(FEATURE_REQUEST_VOTES.WEIGHT)))
            .execute()
        == 1;
  }

  /** Whether there was one. */
  boolean delete(TenantTx tx, UUID featureRequest, UUID user) {
    return tx.dsl()
            .deleteFrom(FEATURE_REQUEST_VOTES)
            .where(of(tx, featureRequest), FEATURE_REQUEST_VOTES.USER_ID.eq(user))
            .execute()
        == 1;
  }

  Page<Vote> page(TenantTx tx, UUID featureRequest, PageRequest request) {
    Keyset keyset = Keyset.of(BY_USER, featureRequest, tx.organizationId());
    List<Vote> rows =
        tx.dsl()
            .select(FEATURE_REQUEST_VOTES.fields())
            .select(ORGANIZATION_MEMBERS.DISPLAY_NAME)
            .from(FEATURE_REQUEST_VOTES)
            .join(ORGANIZATION_MEMBERS)
            .on(
                ORGANIZATION_MEMBERS.ORGANIZATION_ID.eq(FEATURE_REQUEST_VOTES.ORGANIZATION_ID),
                ORGANIZATION_MEMBERS.USER_ID.eq(FEATURE_REQUEST_VOTES.USER_ID))
            .where(
                of(tx, featureRequest),
                keyset.after(request, FEATURE_REQUEST_VOTES.USER_ID, UUID::fromString))
            .orderBy(FEATURE_REQUEST_VOTES.USER_ID)
            .limit(request.limit() + 1)
            .fetch(VoteQueries::vote);
    return keyset.page(rows, request, row -> List.of(row.userId().toString()));
  }

  private static Condition of(TenantTx tx, UUID featureRequest) {
    return FEATURE_REQUEST_VOTES
        .ORGANIZATION_ID
        .eq(tx.organizationId())
        .and(FEATURE_REQUEST_VOTES.FEATURE_REQUEST_ID.eq(featureRequest));
  }

  private static Vote vote(Record row) {
    return new Vote(
        row.get(FEATURE_REQUEST_VOTES.ORGANIZATION_ID),
        row.get(FEATURE_REQUEST_VOTES.FEATURE_REQUEST_ID),
        row.get(FEATURE_REQUEST_VOTES.USER_ID),
        row.get(ORGANIZATION_MEMBERS.DISPLAY_NAME),
        row.get(FEATURE_REQUEST_VOTES.WEIGHT),
        row.get(FEATURE_REQUEST_VOTES.CREATED_AT),
        row.get(FEATURE_REQUEST_VOTES.UPDATED_AT));
  }
}
