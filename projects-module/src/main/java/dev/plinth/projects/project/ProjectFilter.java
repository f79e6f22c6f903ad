package dev.plinth.projects.project;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which projects of an organization; what is null does not matter.
 *
 * @param owner the member who answers for them
 */
public record ProjectFilter(@Nullable ProjectStatus status, @Nullable UUID owner) {

  /** All of them. */
  public static ProjectFilter all() {
    return new ProjectFilter(null, null);
  }

  /** The same with only one status. */
  public ProjectFilter status(ProjectStatus only) {
    return new ProjectFilter(only, owner);
  }

  /** The same with only one owner. */
  public ProjectFilter ownedBy(UUID user) {
    return new ProjectFilter(status, user);
  }
}
