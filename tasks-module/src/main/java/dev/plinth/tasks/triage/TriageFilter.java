package dev.plinth.tasks.triage;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which triage items of an organization; what is null does not matter. */
public record TriageFilter(
    @Nullable TriageStatus status,
    @Nullable UUID assignee,
    @Nullable UUID reporter,
    @Nullable String category) {

  /** All of them. */
  public static TriageFilter all() {
    return new TriageFilter(null, null, null, null);
  }

  /** The same with only one status. */
  public TriageFilter status(TriageStatus only) {
    return new TriageFilter(only, assignee, reporter, category);
  }

  /** The same with only one assignee. */
  public TriageFilter assignedTo(UUID user) {
    return new TriageFilter(status, user, reporter, category);
  }

  /** The same with only one reporter. */
  public TriageFilter reportedBy(UUID user) {
    return new TriageFilter(status, assignee, user, category);
  }

  /** The same of only one kind. */
  public TriageFilter category(String only) {
    return new TriageFilter(status, assignee, reporter, only);
  }
}
