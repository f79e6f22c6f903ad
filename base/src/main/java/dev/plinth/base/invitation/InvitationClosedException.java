package dev.plinth.base.invitation;

import dev.plinth.base.error.PlinthException;
import java.util.Locale;
import java.util.UUID;

/** The invitation can be neither accepted nor revoked any more. */
public final class InvitationClosedException extends PlinthException {

  private static final long serialVersionUID = 1L;

  /** Why it is closed. */
  public enum Reason {
    ACCEPTED,
    REVOKED,
    EXPIRED
  }

  private final UUID invitationId;
  private final Reason reason;

  /** Reports it with its facts. */
  public InvitationClosedException(UUID invitationId, Reason reason) {
    super("Invitation " + invitationId + " is " + reason.name().toLowerCase(Locale.ROOT), null);
    this.invitationId = invitationId;
    this.reason = reason;
  }

  /** The invitation. */
  public UUID invitationId() {
    return invitationId;
  }

  /** Why it is closed. */
  public Reason reason() {
    return reason;
  }
}
