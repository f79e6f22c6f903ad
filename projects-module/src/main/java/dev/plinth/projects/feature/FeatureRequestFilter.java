package dev.plinth.projects.feature;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which feature requests of an organization; what is null does not matter.
 *
 * @param overdue only open ones after their deadline, by the day in UTC
 */
public record FeatureRequestFilter(
    @Nullable UUID project,
    @Nullable FeatureStatus status,
    @Nullable UUID assignee,
    @Nullable UUID requester,
    boolean overdue) {

  /** All of them. */
  public static FeatureRequestFilter all() {
    return new FeatureRequestFilter(null, null, null, null, false);
  }

  /** The same of only one project. */
  public FeatureRequestFilter project(UUID only) {
    return new FeatureRequestFilter(only, status, assignee, requester, overdue);
  }

  /** The same with only one status. */
  public FeatureRequestFilter status(FeatureStatus only) {
    return new FeatureRequestFilter(project, only, assignee, requester, overdue);
  }

  /** The same with only one assignee. */
  public FeatureRequestFilter assignedTo(UUID user) {
    return new FeatureRequestFilter(project, status, user, requester, overdue);
  }

  /** The same with only one requester. */
  public FeatureRequestFilter proposedBy(UUID user) {
    return new FeatureRequestFilter(project, status, assignee, user, overdue);
  }

  /** The same, only open ones after their deadline. */
  public FeatureRequestFilter onlyOverdue() {
    return new FeatureRequestFilter(project, status, assignee, requester, true);
  }
}
