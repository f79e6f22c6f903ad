package dev.plinth.projects.feature;

import static dev.plinth.base.jooq.Tables.ORGANIZATION_MEMBERS;
import static dev.plinth.projects.jooq.Tables.FEATURE_REQUEST_COMMENTS;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectOnConditionStep;

/** The SQL of comments. */
final class CommentQueries {

  private static final String BY_ID = "feature-request-comments-by-id";

  /** The id of the stored comment. */
  UUID insert(TenantTx tx, UUID featureRequest, String body) {
    return tx.dsl()
        .insertInto(FEATURE_REQUEST_COMMENTS)
        .set(FEATURE_REQUEST_COMMENTS.ORGANIZATION_ID, tx.organizationId())
        .set(FEATURE_REQUEST_COMMENTS.FEATURE_REQUEST_ID, featureRequest)
        .set(FEATURE_REQUEST_COMMENTS.BODY, body)
        .returning(FEATURE_REQUEST_COMMENTS.ID)
        .fetchSingle(FEATURE_REQUEST_COMMENTS.ID);
  }

  Optional<Comment> find(TenantTx tx, UUID id) {
    return select(tx)
        .where(live(tx), FEATURE_REQUEST_COMMENTS.ID.eq(id))
        .fetchOptional(CommentQueries::comment);
  }

  Page<Comment> page(TenantTx tx, UUID featureRequest, PageRequest request) {
    Keyset keyset = Keyset.of(BY_ID, featureRequest, tx.organizationId());
    List<Comment> rows =
        select(tx)
            .where(
                live(tx),
                FEATURE_REQUEST_COMMENTS.FEATURE_REQUEST_ID.eq(featureRequest),
                keyset.after(request, FEATURE_REQUEST_COMMENTS.ID, UUID::fromString))
            .orderBy(FEATURE_REQUEST_COMMENTS.ID)
            .limit(request.limit() + 1)
            .fetch(CommentQueries::comment);
    return keyset.page(rows, request, row -> List.of(row.id().toString()));
  }

  /** Whether there was such a comment of that version. */
  boolean update(TenantTx tx, UUID id, int version, Map<Field<?>, Object> changes) {
    return tx.dsl()
            .update(FEATURE_REQUEST_COMMENTS)
            .set(changes)
            .where(
                live(tx),
                FEATURE_REQUEST_COMMENTS.ID.eq(id),
                FEATURE_REQUEST_COMMENTS.VERSION.eq(version))
            .execute()
        == 1;
  }

  private static SelectOnConditionStep<Record> select(TenantTx tx) {
    return tx.dsl()
        .select(FEATURE_REQUEST_COMMENTS.fields())
        .select(ORGANIZATION_MEMBERS.DISPLAY_NAME)
        .from(FEATURE_REQUEST_COMMENTS)
        .leftJoin(ORGANIZATION_MEMBERS)
        .on(
            ORGANIZATION_MEMBERS.ORGANIZATION_ID.eq(FEATURE_REQUEST_COMMENTS.ORGANIZATION_ID),
            ORGANIZATION_MEMBERS.USER_ID.eq(FEATURE_REQUEST_COMMENTS.AUTHOR_ID));
  }

  private static Condition live(TenantTx tx) {
    return FEATURE_REQUEST_COMMENTS
        .ORGANIZATION_ID
        .eq(tx.organizationId())
        .and(FEATURE_REQUEST_COMMENTS.DELETED_AT.isNull());
  }

  private static Comment comment(Record row) {
    return new Comment(
        row.get(FEATURE_REQUEST_COMMENTS.ORGANIZATION_ID),
        row.get(FEATURE_REQUEST_COMMENTS.ID),
        row.get(FEATURE_REQUEST_COMMENTS.FEATURE_REQUEST_ID),
        row.get(FEATURE_REQUEST_COMMENTS.AUTHOR_ID),
        row.get(ORGANIZATION_MEMBERS.DISPLAY_NAME),
        row.get(FEATURE_REQUEST_COMMENTS.BODY),
        row.get(FEATURE_REQUEST_COMMENTS.EDITED_AT),
        row.get(FEATURE_REQUEST_COMMENTS.CREATED_AT),
        row.get(FEATURE_REQUEST_COMMENTS.VERSION));
  }
}
