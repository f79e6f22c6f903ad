package dev.plinth.projects.feature;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.math.BigDecimal;
import java.util.UUID;

/**
 * Who wants which feature request. Every member but viewers votes for oneself, once for each; a
 * service does not vote. The database enforces it. The vote of who left the organization still
 * counts. Thread-safe.
 */
public final class FeatureRequestVotes {

  private static final int SCALE = 2;
  private static final BigDecimal BEYOND = BigDecimal.TEN.pow(10);

  private final VoteQueries queries = new VoteQueries();
  private final FeatureRequests featureRequests = new FeatureRequests();

  /**
   * Votes with weight 1.
   *
   * @throws NotFoundException as for {@link #vote(TenantTx, UUID, BigDecimal)}
   * @throws AccessDeniedException as for {@link #vote(TenantTx, UUID, BigDecimal)}
   */
  public void vote(TenantTx tx, UUID featureRequest) {
    vote(tx, featureRequest, BigDecimal.ONE);
  }

  /**
   * Votes with a weight that the host gives, of the voter's plan or revenue for example; voting
   * again changes the weight, or nothing.
   *
   * @param weight more than 0, less than 10,000,000,000, two decimals at most
   * @throws NotFoundException if there is no such feature request
   * @throws AccessDeniedException if no user acts, or a viewer
   * @throws InvalidValueException if the weight is out of range
   */
  public void vote(TenantTx tx, UUID featureRequest, BigDecimal weight) {
    requireWeight(weight);
    UUID user = voter(tx);
    featureRequests.get(tx, featureRequest);
    if (queries.put(tx, featureRequest, weight)) {
      tx.publish(new FeatureRequestVoted(tx.organizationId(), featureRequest, user, weight));
    }
  }

  /**
   * Takes the own vote back, if there is one.
   *
   * @throws NotFoundException if there is no such feature request
   * @throws AccessDeniedException if no user acts, or a viewer
   */
  public void withdraw(TenantTx tx, UUID featureRequest) {
    UUID user = voter(tx);
    featureRequests.get(tx, featureRequest);
    if (queries.delete(tx, featureRequest, user)) {
      tx.publish(new FeatureRequestVoteWithdrawn(tx.organizationId(), featureRequest, user));
    }
  }

  /**
   * Who voted for a feature request, in the order in which their users were made. Whether oneself
   * did stands in {@link FeatureRequest#ownVote}.
   *
   * @throws NotFoundException if there is no such feature request
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Vote> list(TenantTx tx, UUID featureRequest, PageRequest request) {
    featureRequests.get(tx, featureRequest);
    return queries.page(tx, featureRequest, request);
  }

  private static UUID voter(TenantTx tx) {
    tx.requireWriter();
    return tx.userId()
        .orElseThrow(() -> new AccessDeniedException("a vote is a user's, and none acts", null));
  }

  private static void requireWeight(BigDecimal weight) {
    if (weight.signum() <= 0
        || weight.compareTo(BEYOND) >= 0
        || weight.stripTrailingZeros().scale() > SCALE) {
      throw new InvalidValueException(
          "weight", "must be more than 0 and less than 10,000,000,000, with two decimals at most");
    }
  }
}
