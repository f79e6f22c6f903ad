package dev.plinth.projects.feature;

import static dev.plinth.projects.jooq.Tables.FEATURE_REQUEST_COMMENTS;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.Require;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.Map;
import java.util.UUID;
import org.jooq.Field;

/**
 * What members say to feature requests. Everybody but viewers may; a comment is edited by its
 * author, and deleted by the author or who administers the organization: the database enforces it.
 * Thread-safe.
 */
public final class FeatureRequestComments {

  private static final String WHAT = "feature_request_comment";
  private static final int BODY_LENGTH = 20_000;

  private final CommentQueries queries = new CommentQueries();
  private final FeatureRequests featureRequests = new FeatureRequests();

  /**
   * Says something.
   *
   * @param body 1 to 20,000 characters
   * @return the stored comment, of who acts
   * @throws NotFoundException if there is no such feature request
   * @throws AccessDeniedException if who acts is a viewer
   * @throws InvalidValueException if the body is blank or too long
   */
  public Comment add(TenantTx tx, UUID featureRequest, String body) {
    String checked = checked(body);
    tx.requireWriter();
    featureRequests.get(tx, featureRequest);
    Comment added = get(tx, queries.insert(tx, featureRequest, checked));
    tx.publish(new FeatureRequestCommented(tx.organizationId(), featureRequest, added.id()));
    return added;
  }

  /**
   * The comment of an id.
   *
   * @throws NotFoundException if the organization has none
   */
  public Comment get(TenantTx tx, UUID id) {
    return queries.find(tx, id).orElseThrow(() -> new NotFoundException(WHAT, id.toString(), null));
  }

  /**
   * What was said to a feature request, oldest first; without deleted comments.
   *
   * @throws NotFoundException if there is no such feature request
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Comment> list(TenantTx tx, UUID featureRequest, PageRequest request) {
    featureRequests.get(tx, featureRequest);
    return queries.page(tx, featureRequest, request);
  }

  /**
   * Changes what one said.
   *
   * @param version what the caller saw
   * @return the stored comment
   * @throws NotFoundException if there is no such comment
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts is not its author
   * @throws InvalidValueException if the body is blank or too long
   */
  public Comment edit(TenantTx tx, UUID id, int version, String body) {
    String checked = checked(body);
    tx.requireWriter();
    Comment before = get(tx, id);
    if (!before.author().equals(tx.userId())) {
      throw new AccessDeniedException("a comment is edited by its author", null);
    }
    update(tx, id, version, Map.of(FEATURE_REQUEST_COMMENTS.BODY, checked));
    tx.publish(new FeatureRequestCommentEdited(tx.organizationId(), before.featureRequestId(), id));
    return get(tx, id);
  }

  /**
   * Deletes a comment softly.
   *
   * @param version what the caller saw
   * @throws NotFoundException if there is no such comment
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts neither is its author nor administers the
   *     organization
   */
  public void delete(TenantTx tx, UUID id, int version) {
    tx.requireWriter();
    Comment before = get(tx, id);
    if (!before.author().equals(tx.userId()) && !tx.role().administers()) {
      throw new AccessDeniedException(
          "a comment is deleted by its author or who administers the organization", null);
    }
    update(tx, id, version, Map.of(FEATURE_REQUEST_COMMENTS.DELETED_AT, tx.now()));
    tx.publish(
        new FeatureRequestCommentDeleted(tx.organizationId(), before.featureRequestId(), id));
  }

  private void update(TenantTx tx, UUID id, int version, Map<Field<?>, Object> changes) {
    if (!queries.update(tx, id, version, changes)) {
      throw new StaleVersionException(WHAT, id.toString(), version, null);
    }
  }

  private static String checked(String body) {
    return Require.text("body", body, BODY_LENGTH);
  }
}
