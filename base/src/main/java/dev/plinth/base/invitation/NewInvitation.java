package dev.plinth.base.invitation;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import dev.plinth.base.tenancy.MemberRole;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An invitation to be made.
 *
 * @param email made lower-case; {@link Invitations#invite} requires one
 * @param validFor how long it can be accepted, a minute to 90 days
 */
public record NewInvitation(@Nullable String email, MemberRole role, Duration validFor) {

  /** How long an invitation can be accepted, unless it says otherwise. */
  public static final Duration VALID_FOR = Duration.ofDays(7);

  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(90);

  /** Checks the components. */
  public NewInvitation {
    email = Require.email("email", email);
    if (validFor.compareTo(SHORTEST) < 0 || validFor.compareTo(LONGEST) > 0) {
      throw new InvalidValueException("validFor", "must be a minute to 90 days");
    }
  }

  /** An invitation that is valid for a week. */
  public static NewInvitation of(String email, MemberRole role) {
    return new NewInvitation(email, role, VALID_FOR);
  }

  /** The same, valid for longer or shorter. */
  public NewInvitation validFor(Duration time) {
    return new NewInvitation(email, role, time);
  }

  String requiredEmail() {
    if (email == null) {
      throw new InvalidValueException("email", "is required: an invitation is sent somewhere");
    }
    return email;
  }
}
