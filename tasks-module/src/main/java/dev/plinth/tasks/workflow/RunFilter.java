package dev.plinth.tasks.workflow;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which runs of an organization; what is null does not matter. */
public record RunFilter(@Nullable UUID workflow, @Nullable RunStatus status) {

  /** All of them. */
  public static RunFilter all() {
    return new RunFilter(null, null);
  }

  /** The same of only one workflow. */
  public RunFilter workflow(UUID only) {
    return new RunFilter(only, status);
  }

  /** The same with only one status. */
  public RunFilter status(RunStatus only) {
    return new RunFilter(workflow, only);
  }
}
