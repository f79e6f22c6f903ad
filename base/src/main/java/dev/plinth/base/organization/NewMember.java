package dev.plinth.base.organization;

import dev.plinth.base.error.Require;
import dev.plinth.base.tenancy.MemberRole;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A member to be added.
 *
 * @param displayName what fellow members see, 1 to 100 characters
 * @param avatarUrl an absolute URL, or null
 */
public record NewMember(
    UUID user, MemberRole role, String displayName, @Nullable String avatarUrl) {

  static final int DISPLAY_NAME_LENGTH = 100;

  /** Checks the components. */
  public NewMember {
    displayName = Require.text("displayName", displayName, DISPLAY_NAME_LENGTH);
    avatarUrl = Require.url("avatarUrl", avatarUrl);
  }

  /** A member without a picture. */
  public static NewMember of(UUID user, MemberRole role, String displayName) {
    return new NewMember(user, role, displayName, null);
  }
}
