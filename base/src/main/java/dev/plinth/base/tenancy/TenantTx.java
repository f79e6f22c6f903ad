package dev.plinth.base.tenancy;

import dev.plinth.base.error.AccessDeniedException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A transaction of one organization, as one of its members or as its own machinery. */
public final class TenantTx extends Tx {

  private final UUID organizationId;
  private final @Nullable UUID userId;
  private final MemberRole role;

  TenantTx(Session session, UUID organizationId, @Nullable UUID userId, MemberRole role) {
    super(session);
    this.organizationId = organizationId;
    this.userId = userId;
    this.role = role;
  }

  /** The organization; every statement of this transaction says it. */
  public UUID organizationId() {
    return organizationId;
  }

  /** The member who acts; empty for the organization's own machinery. */
  public Optional<UUID> userId() {
    return Optional.ofNullable(userId);
  }

  /** In which role; {@link MemberRole#SERVICE} for the organization's own machinery. */
  public MemberRole role() {
    return role;
  }

  /**
   * Says so when a viewer is about to change something. The database refuses it in any case, but an
   * update whose row a policy hides looks like one that found nothing.
   *
   * @throws AccessDeniedException if who acts only reads
   */
  public void requireWriter() {
    if (!role.mayWrite()) {
      throw new AccessDeniedException("viewers only read", null);
    }
  }

  /**
   * Says so when what is for owners, admins and services is asked by somebody else.
   *
   * @param refusal what that is, such as "only owners and admins rename an organization"
   * @throws AccessDeniedException if who acts does not administer the organization
   */
  public void requireAdministrator(String refusal) {
    if (!role.administers()) {
      throw new AccessDeniedException(refusal, null);
    }
  }
}
