package dev.plinth.base.organization;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An organization to be made.
 *
 * @param slug lower-case letters and digits with single hyphens between, at most 63 characters
 * @param name 1 to 200 characters
 * @param owner the user who becomes its first owner; {@link Organizations#create} requires one
 */
public record NewOrganization(String slug, String name, @Nullable UUID owner) {

  static final int NAME_LENGTH = 200;

  /** Checks slug and name. */
  public NewOrganization {
    slug = Require.slug("slug", slug);
    name = Require.text("name", name, NAME_LENGTH);
  }

  /** An organization that still needs an owner. */
  public static NewOrganization of(String slug, String name) {
    return new NewOrganization(slug, name, null);
  }

  /** The same with an owner. */
  public NewOrganization ownedBy(UUID user) {
    return new NewOrganization(slug, name, user);
  }

  UUID requiredOwner() {
    if (owner == null) {
      throw new InvalidValueException("owner", "is required: an organization always has one");
    }
    return owner;
  }
}
