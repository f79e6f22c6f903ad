package dev.plinth.base.invitation;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.OrganizationNotActiveException;
import dev.plinth.base.error.Require;
import dev.plinth.base.invitation.InvitationClosedException.Reason;
import dev.plinth.base.organization.Members;
import dev.plinth.base.organization.NewMember;
import dev.plinth.base.organization.OrganizationStatus;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.user.User;
import dev.plinth.base.user.Users;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * How somebody becomes a member who is none yet: an invitation is sent to an address, and whoever
 * brings its token is let in, once. Who administers the organization invites, to no role above the
 * own: owners make owners, owners and admins make admins and services. The database enforces it,
 * and shows invitations to nobody else. Thread-safe.
 */
public final class Invitations {

  /** How long an invitation is kept after it was accepted or revoked or has expired. */
  public static final Duration RETENTION = Duration.ofDays(90);

  /** The most that {@link #deleteClosedBefore} deletes at once. */
  public static final int MAX_BATCH = 10_000;

  private static final String REFUSAL = "only owners and admins see invitations";
  private static final String WHAT = "invitation";

  private final InvitationQueries queries = new InvitationQueries();
  private final Members members = new Members();
  private final Users users = new Users();

  /**
   * Invites somebody. An expired invitation to the same address is revoked.
   *
   * @return the stored invitation with its token, which is nowhere else: what is stored is a hash
   * @throws ConflictException if there is an open invitation to that address
   * @throws AccessDeniedException if who acts may not give that role, or is no user
   * @throws InvalidValueException if no address is named
   */
  public InvitationCreated invite(TenantTx tx, NewInvitation invitation) {
    String email = invitation.requiredEmail();
    requireGiver(tx, invitation.role());
    if (tx.userId().isEmpty()) {
      throw new AccessDeniedException("a member answers for an invitation, and none acts", null);
    }
    queries.revokeExpired(tx, email);
    InvitationToken token = InvitationToken.random(tx.organizationId());
    Invitation stored =
        queries
            .insert(tx, invitation, token.hash(), tx.now().plus(invitation.validFor()))
            .orElseThrow(
                () ->
                    new ConflictException(
                        "invitations", "email", "invitations_open_email_uq", null));
    InvitationCreated created = new InvitationCreated(stored, token.text());
    tx.publish(created);
    return created;
  }

  /**
   * The invitation of an id.
   *
   * @throws NotFoundException if the organization has none
   * @throws AccessDeniedException if who acts does not administer it
   */
  public Invitation get(TenantTx tx, UUID id) {
    tx.requireAdministrator(REFUSAL);
    return queries.find(tx, id).orElseThrow(() -> new NotFoundException(WHAT, id.toString(), null));
  }

  /**
   * The invitations, open or not, oldest first.
   *
   * @throws AccessDeniedException if who acts does not administer the organization
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Invitation> list(TenantTx tx, PageRequest request) {
    tx.requireAdministrator(REFUSAL);
    return queries.page(tx, request);
  }

  /**
   * Makes an invitation count no more; one that was revoked before stays as it is.
   *
   * @return the stored invitation
   * @throws InvitationClosedException if it was accepted
   * @throws NotFoundException if the organization has none of that id
   * @throws AccessDeniedException if who acts may not give its role
   */
  public Invitation revoke(TenantTx tx, UUID id) {
    requireGiver(tx, get(tx, id).role());
    Optional<Invitation> revoked = queries.revoke(tx, id);
    revoked.ifPresent(one -> tx.publish(new InvitationRevoked(tx.organizationId(), id)));
    return revoked.orElseGet(() -> revokedBefore(tx, id));
  }

  /**
   * Lets a user in who brings a token, or takes back one who left. The token is enough: the user's
   * address need not be that of the invitation. Once a user has accepted, accepting again writes
   * nothing and returns the same, whatever became of invitation and member since.
   *
   * @return the accepted invitation: it names organization and role
   * @throws NotFoundException if there is no such token or user
   * @throws InvitationClosedException if the invitation expired or was revoked
   * @throws ConflictException if another user accepted it, or the user is a member already
   * @throws AccessDeniedException if the inviter is no active member any more who may give that
   *     role, or the user is inactive
   * @throws OrganizationNotActiveException if the organization is suspended or archived
   */
  public Invitation accept(SystemTx tx, String token, UUID user) {
    InvitationToken brought = InvitationToken.parse(token).orElseThrow(Invitations::unknown);
    OrganizationStatus status =
        queries.lockedStatus(tx, brought.organization()).orElseThrow(Invitations::unknown);
    Invitation invitation = queries.lock(tx, brought).orElseThrow(Invitations::unknown);
    if (invitation.acceptedBy().isPresent()) {
      return acceptedBefore(invitation, user);
    }
    requireOpen(tx, invitation);
    requireActive(invitation.organizationId(), status);
    requireInviter(tx, invitation);
    members.add(tx, invitation.organizationId(), newMember(tx, invitation, user));
    Invitation accepted = queries.accept(tx, invitation, user);
    tx.publish(new InvitationAccepted(accepted.organizationId(), accepted.id(), user));
    return accepted;
  }

  /**
   * Deletes invitations of all organizations that were accepted or revoked, or else expired, before
   * a time, longest ago first; for a job that calls it, each time in a transaction, until it
   * deletes less than the limit. Members stay; a deleted token is unknown.
   *
   * @param limit how many at most, 1 to {@value #MAX_BATCH}
   * @return how many were deleted
   * @throws InvalidValueException if the limit is out of range
   */
  public int deleteClosedBefore(SystemTx tx, Instant before, int limit) {
    return queries.deleteClosedBefore(tx, before, Require.between("limit", limit, 1, MAX_BATCH));
  }

  private Invitation revokedBefore(TenantTx tx, UUID id) {
    Invitation closed = get(tx, id);
    if (closed.acceptedAt().isPresent()) {
      throw new InvitationClosedException(id, Reason.ACCEPTED);
    }
    return closed;
  }

  private static Invitation acceptedBefore(Invitation invitation, UUID user) {
    if (!invitation.acceptedBy().equals(Optional.of(user))) {
      throw new ConflictException("invitations", "token", "invitations_token_hash_uq", null);
    }
    return invitation;
  }

  private static void requireOpen(SystemTx tx, Invitation invitation) {
    if (invitation.revokedAt().isPresent()) {
      throw new InvitationClosedException(invitation.id(), Reason.REVOKED);
    }
    if (!invitation.isOpen(tx.now())) {
      throw new InvitationClosedException(invitation.id(), Reason.EXPIRED);
    }
  }

  private static void requireActive(UUID organization, OrganizationStatus status) {
    if (status != OrganizationStatus.ACTIVE) {
      throw new OrganizationNotActiveException(
          organization, status.name().toLowerCase(Locale.ROOT), null);
    }
  }

  private void requireInviter(SystemTx tx, Invitation invitation) {
    boolean mayStill =
        queries
            .lockedRole(tx, invitation.organizationId(), invitation.invitedBy())
            .filter(role -> mayGive(role, invitation.role()))
            .isPresent();
    if (!mayStill) {
      throw new AccessDeniedException("the inviter may not give that role any more", null);
    }
  }

  private NewMember newMember(SystemTx tx, Invitation invitation, UUID user) {
    User who = users.get(tx, user);
    if (!who.active()) {
      throw new AccessDeniedException("an inactive user can enter no organization", null);
    }
    return new NewMember(user, invitation.role(), who.username(), who.avatarUrl().orElse(null));
  }

  private static void requireGiver(TenantTx tx, MemberRole role) {
    if (!mayGive(tx.role(), role)) {
      throw new AccessDeniedException(
          "nobody invites to a role above the own, and only owners and admins invite", null);
    }
  }

  /** The policy of the table says the same. */
  private static boolean mayGive(MemberRole giver, MemberRole role) {
    return switch (role) {
      case OWNER -> giver == MemberRole.OWNER;
      case ADMIN, SERVICE -> giver == MemberRole.OWNER || giver == MemberRole.ADMIN;
      default -> giver.administers();
    };
  }

  private static NotFoundException unknown() {
    return new NotFoundException(WHAT, "the one of that token", null);
  }
}
