package dev.plinth.projects.project;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which projects of an organization; what is null does not matter.
 *
 * @param owner the member who answers for them
 */
public record ProjectFilter(
    @Nullable ProjectStatus status, @Nullable UUID owner, @Nullable UUID workspace) {

  /** All of them. */
  public static ProjectFilter all() {
    return new ProjectFilter(null, null, null);
  }

  /** The same with only one status. */
  public ProjectFilter status(ProjectStatus only) {
    return new ProjectFilter(only, owner, workspace);
  }

  /** The same with only one owner. */
  public ProjectFilter ownedBy(UUID user) {
    return new ProjectFilter(status, user, workspace);
  }

  /** The same with only one workspace, which may be deleted. */
  public ProjectFilter inWorkspace(UUID only) {
    return new ProjectFilter(status, owner, only);
  }
}
