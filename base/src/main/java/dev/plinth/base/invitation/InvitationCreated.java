package dev.plinth.base.invitation;

import dev.plinth.base.tenancy.DomainEvent;

/**
 * An invitation was made. The one place where its token is: who sends it listens here, or takes
 * what {@link Invitations#invite} returns.
 *
 * @param token what lets in whoever brings it; not in {@link #toString}, so that no log has it
 */
public record InvitationCreated(Invitation invitation, String token) implements DomainEvent {

  @Override
  public String toString() {
    return "InvitationCreated[invitation=" + invitation + "]";
  }
}
