package dev.plinth.projects.feature;

import static dev.plinth.base.sql.ClosedSetConverter.text;
import static dev.plinth.projects.jooq.Tables.FEATURE_REQUESTS;
import static dev.plinth.projects.jooq.Tables.FEATURE_REQUEST_TALLIES;
import static dev.plinth.projects.jooq.Tables.FEATURE_REQUEST_VOTES;
import static dev.plinth.projects.jooq.Tables.PROJECTS;

import dev.plinth.base.tenancy.TenantTx;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectOnConditionStep;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** The SQL of feature requests, one by one; {@link FeatureRequestLists} has that of many. */
final class FeatureRequestQueries {

  /** In one statement, whether it is two or ten thousand who are told. */
  private static final String TELL =
      """
      SELECT plinth_base.notify_users(
        ARRAY(SELECT v.user_id FROM plinth_projects.feature_request_votes v
              WHERE v.organization_id = ? AND v.feature_request_id = ? AND v.user_id IS DISTINCT FROM ?
              UNION
              SELECT r.requester_id FROM plinth_projects.feature_requests r
              WHERE r.organization_id = ? AND r.id = ? AND r.requester_id IS DISTINCT FROM ?),
        ?, ?, '', 'feature_request', ?, ?)
      """;

  /** The id of the stored feature request. */
  UUID insert(TenantTx tx, UUID project, NewFeatureRequest request) {
    return tx.dsl()
        .insertInto(FEATURE_REQUESTS)
        .set(FEATURE_REQUESTS.ORGANIZATION_ID, tx.organizationId())
        .set(FEATURE_REQUESTS.PROJECT_ID, project)
        .set(FEATURE_REQUESTS.PARENT_ID, request.parent())
        .set(FEATURE_REQUESTS.TITLE, request.title())
        .set(FEATURE_REQUESTS.DESCRIPTION, request.description())
        .set(FEATURE_REQUESTS.PRIORITY, request.priority())
        .set(FEATURE_REQUESTS.ASSIGNEE_ID, request.assignee())
        .set(FEATURE_REQUESTS.DEADLINE, request.deadline())
        .set(FEATURE_REQUESTS.COMPLEXITY, request.complexity())
        .set(FEATURE_REQUESTS.METADATA, request.metadata())
        .returning(FEATURE_REQUESTS.ID)
        .fetchSingle(FEATURE_REQUESTS.ID);
  }

  Optional<FeatureRequest> find(TenantTx tx, UUID id) {
    return select(tx)
        .where(live(tx), FEATURE_REQUESTS.ID.eq(id))
        .fetchOptional(FeatureRequestQueries::featureRequest);
  }

  /** Whether there was such a feature request of that version. */
  boolean update(TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    return tx.dsl()
            .update(FEATURE_REQUESTS)
            .set(changes)
            .where(
                FEATURE_REQUESTS.ORGANIZATION_ID.eq(tx.organizationId()),
                FEATURE_REQUESTS.DELETED_AT.isNull(),
                FEATURE_REQUESTS.ID.eq(id),
                FEATURE_REQUESTS.VERSION.eq(version))
            .execute()
        == 1;
  }

  /** Whether who acts decides what becomes of the project's feature requests. */
  boolean manages(TenantTx tx, UUID project) {
    Field<Boolean> manages =
        DSL.function(
            DSL.name("plinth_projects", "current_user_manages_project"),
            SQLDataType.BOOLEAN,
            DSL.val(tx.organizationId()),
            DSL.val(project));
    return tx.dsl().select(manages).fetchSingle(manages);
  }

  /** Tells the requester and the voters, but not who acts, of the status that it has now. */
  void tellOfStatus(TenantTx tx, FeatureRequest request) {
    UUID acting = tx.userId().orElse(null);
    String status = text(request.status());
    tx.dsl()
        .fetch(
            TELL,
            tx.organizationId(),
            request.id(),
            acting,
            tx.organizationId(),
            request.id(),
            acting,
            "feature_request." + status,
            request.title(),
            request.id(),
            "feature_request.status:" + request.id() + ':' + request.version());
  }

  /** What is counted, and the own vote, beside each: one statement for any number of them. */
  static SelectOnConditionStep<Record> select(TenantTx tx) {
    return tx.dsl()
        .select(FEATURE_REQUESTS.fields())
        .select(FEATURE_REQUEST_TALLIES.fields())
        .select(FEATURE_REQUEST_VOTES.WEIGHT)
        .from(FEATURE_REQUESTS)
        .join(PROJECTS)
        .on(
            PROJECTS.ORGANIZATION_ID.eq(FEATURE_REQUESTS.ORGANIZATION_ID),
            PROJECTS.ID.eq(FEATURE_REQUESTS.PROJECT_ID),
            PROJECTS.DELETED_AT.isNull())
        .join(FEATURE_REQUEST_TALLIES)
        .on(
            FEATURE_REQUEST_TALLIES.ORGANIZATION_ID.eq(FEATURE_REQUESTS.ORGANIZATION_ID),
            FEATURE_REQUEST_TALLIES.FEATURE_REQUEST_ID.eq(FEATURE_REQUESTS.ID))
        .leftJoin(FEATURE_REQUEST_VOTES)
        .on(
            FEATURE_REQUEST_VOTES.ORGANIZATION_ID.eq(FEATURE_REQUESTS.ORGANIZATION_ID),
            FEATURE_REQUEST_VOTES.FEATURE_REQUEST_ID.eq(FEATURE_REQUESTS.ID),
            FEATURE_REQUEST_VOTES.USER_ID.eq(DSL.val(tx.userId().orElse(null), SQLDataType.UUID)));
  }

  static Condition live(TenantTx tx) {
    return FEATURE_REQUESTS
        .ORGANIZATION_ID
        .eq(tx.organizationId())
        .and(FEATURE_REQUESTS.DELETED_AT.isNull());
  }

  static FeatureRequest featureRequest(Record row) {
    return new FeatureRequest(
        row.get(FEATURE_REQUESTS.ORGANIZATION_ID),
        row.get(FEATURE_REQUESTS.ID),
        row.get(FEATURE_REQUESTS.PROJECT_ID),
        row.get(FEATURE_REQUESTS.PARENT_ID),
        row.get(FEATURE_REQUESTS.TITLE),
        row.get(FEATURE_REQUESTS.DESCRIPTION),
        row.get(FEATURE_REQUESTS.STATUS),
        row.get(FEATURE_REQUESTS.PRIORITY),
        row.get(FEATURE_REQUESTS.REQUESTER_ID),
        row.get(FEATURE_REQUESTS.ASSIGNEE_ID),
        row.get(FEATURE_REQUESTS.DEADLINE),
        row.get(FEATURE_REQUESTS.COMPLETED_AT),
        row.get(FEATURE_REQUESTS.COMPLEXITY),
        row.get(FEATURE_REQUESTS.METADATA),
        row.get(FEATURE_REQUEST_TALLIES.VOTE_COUNT),
        row.get(FEATURE_REQUEST_TALLIES.VOTE_WEIGHT),
        row.get(FEATURE_REQUEST_TALLIES.COMMENT_COUNT),
        row.get(FEATURE_REQUEST_VOTES.WEIGHT),
        row.get(FEATURE_REQUESTS.CREATED_AT),
        row.get(FEATURE_REQUESTS.UPDATED_AT),
        row.get(FEATURE_REQUESTS.VERSION));
  }
}
