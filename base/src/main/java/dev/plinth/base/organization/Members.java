package dev.plinth.base.organization;

import static dev.plinth.base.jooq.Tables.ORGANIZATION_MEMBERS;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.Require;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.tenancy.Tx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * Who belongs to an organization, and as what. Owners and admins manage members, only owners make
 * or unmake owners, the last owner stays (an owner who was made inactive counts): the database
 * enforces all three. Thread-safe.
 */
public final class Members {

  private static final String WHAT = "member";

  private final MemberQueries queries = new MemberQueries();

  /**
   * Adds a member, or takes back one who left.
   *
   * @return the stored member
   * @throws ConflictException if the user is a member already
   * @throws NotFoundException if there is no such user
   * @throws AccessDeniedException if who acts does not administer the organization, or makes an
   *     owner without being one
   */
  public Member add(TenantTx tx, NewMember member) {
    return stored(tx, tx.organizationId(), member);
  }

  /**
   * As {@link #add(TenantTx, NewMember)}, of any organization: for who is let in without a member
   * who acts.
   *
   * @throws ConflictException if the user is a member already
   * @throws NotFoundException if there is no such user or organization
   */
  public Member add(SystemTx tx, UUID organization, NewMember member) {
    return stored(tx, organization, member);
  }

  /**
   * A member of the organization.
   *
   * @throws NotFoundException if the user is none
   */
  public Member get(TenantTx tx, UUID user) {
    return queries
        .find(tx, user)
        .orElseThrow(() -> new NotFoundException(WHAT, user.toString(), null));
  }

  /**
   * The members, in the order in which their users were made; without those who left.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Member> list(TenantTx tx, PageRequest request) {
    return queries.page(tx, request);
  }

  /**
   * Gives a member another role; it holds from the member's next transaction on.
   *
   * @param version what the caller saw
   * @return the stored member
   * @throws AccessDeniedException as for {@link #add}, or if the last owner would be gone
   * @throws NotFoundException if the user is no member
   * @throws StaleVersionException if the member changed since
   */
  public Member changeRole(TenantTx tx, UUID user, int version, MemberRole role) {
    Member changed = update(tx, user, version, Map.of(ORGANIZATION_MEMBERS.ROLE, role));
    tx.publish(new MemberChanged(tx.organizationId(), user, role, true));
    return changed;
  }

  /**
   * Removes a member, or lets one go who wants to; what the member did stays.
   *
   * @throws AccessDeniedException as for {@link #changeRole}
   * @throws NotFoundException if the user is no member
   * @throws StaleVersionException if the member changed since
   */
  public void remove(TenantTx tx, UUID user, int version) {
    Member gone = update(tx, user, version, Map.of(ORGANIZATION_MEMBERS.LEFT_AT, tx.now()));
    tx.publish(new MemberChanged(tx.organizationId(), user, gone.role(), false));
  }

  /**
   * Changes what fellow members see; everybody may do so for oneself.
   *
   * @param avatarUrl an absolute URL, or null for none
   * @throws AccessDeniedException as for {@link #changeRole}
   * @throws NotFoundException if the user is no member
   * @throws StaleVersionException if the member changed since
   */
  public Member changeProfile(
      TenantTx tx, UUID user, int version, String displayName, @Nullable String avatarUrl) {
    Map<Field<?>, @Nullable Object> changes = new HashMap<>();
    changes.put(
        ORGANIZATION_MEMBERS.DISPLAY_NAME,
        Require.text("displayName", displayName, NewMember.DISPLAY_NAME_LENGTH));
    changes.put(ORGANIZATION_MEMBERS.AVATAR_URL, Require.url("avatarUrl", avatarUrl));
    return update(tx, user, version, changes);
  }

  /** The organizations that a user is a member of. */
  public List<UUID> organizationsOf(SystemTx tx, UUID user) {
    return queries.organizationsOf(tx, user);
  }

  private Member stored(Tx tx, UUID organization, NewMember member) {
    Member added =
        queries
            .add(tx, organization, member)
            .orElseThrow(
                () ->
                    new ConflictException(
                        "organization_members", "user", "organization_members_user_uq", null));
    tx.publish(new MemberChanged(organization, added.userId(), added.role(), true));
    return added;
  }

  private Member update(
      TenantTx tx, UUID user, int version, Map<Field<?>, @Nullable Object> changes) {
    if (!tx.role().administers() && !tx.userId().equals(Optional.of(user))) {
      throw new AccessDeniedException("only owners and admins manage members", null);
    }
    return queries
        .update(tx, user, version, changes)
        .orElseThrow(
            () -> {
              get(tx, user);
              return new StaleVersionException(WHAT, user.toString(), version, null);
            });
  }
}
