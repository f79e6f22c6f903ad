package dev.plinth.base.invitation;

import static dev.plinth.base.jooq.Tables.INVITATIONS;
import static dev.plinth.base.jooq.Tables.ORGANIZATIONS;
import static dev.plinth.base.jooq.Tables.ORGANIZATION_MEMBERS;
import static dev.plinth.base.jooq.Tables.USERS;

import dev.plinth.base.jooq.tables.records.InvitationsRecord;
import dev.plinth.base.organization.OrganizationStatus;
import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** The SQL of invitations. */
final class InvitationQueries {

  private static final String BY_ID = "invitations-by-id";

  /** As the index has it. */
  private static final Field<Instant> CLOSED_AT =
      DSL.coalesce(INVITATIONS.ACCEPTED_AT, INVITATIONS.REVOKED_AT, INVITATIONS.EXPIRES_AT);

  /** What was not accepted in time makes room for another to the same address. */
  void revokeExpired(TenantTx tx, String email) {
    tx.dsl()
        .update(INVITATIONS)
        .set(INVITATIONS.REVOKED_AT, tx.now())
        .where(
            INVITATIONS.ORGANIZATION_ID.eq(tx.organizationId()),
            INVITATIONS.EMAIL.eq(email),
            open(),
            INVITATIONS.EXPIRES_AT.le(tx.now()))
        .execute();
  }

  /** The stored invitation; empty if there is an open one to that address. */
  Optional<Invitation> insert(
      TenantTx tx, NewInvitation invitation, byte[] tokenHash, Instant expiresAt) {
    return tx.dsl()
        .insertInto(INVITATIONS)
        .set(INVITATIONS.ORGANIZATION_ID, tx.organizationId())
        .set(INVITATIONS.EMAIL, invitation.requiredEmail())
        .set(INVITATIONS.ROLE, invitation.role())
        .set(INVITATIONS.TOKEN_HASH, tokenHash)
        .set(INVITATIONS.EXPIRES_AT, expiresAt)
        .onConflict(INVITATIONS.ORGANIZATION_ID, INVITATIONS.EMAIL)
        .where(INVITATIONS.ACCEPTED_AT.isNull(), INVITATIONS.REVOKED_AT.isNull())
        .doNothing()
        .returning()
        .fetchOptional(InvitationQueries::invitation);
  }

  Optional<Invitation> find(TenantTx tx, UUID id) {
    return tx.dsl()
        .selectFrom(INVITATIONS)
        .where(one(tx.organizationId(), id))
        .fetchOptional(InvitationQueries::invitation);
  }

  Page<Invitation> page(TenantTx tx, PageRequest request) {
    Keyset keyset = Keyset.of(BY_ID, tx.organizationId());
    List<Invitation> rows =
        tx.dsl()
            .selectFrom(INVITATIONS)
            .where(
                INVITATIONS.ORGANIZATION_ID.eq(tx.organizationId()),
                keyset.after(request, INVITATIONS.ID, UUID::fromString))
            .orderBy(INVITATIONS.ID)
            .limit(request.limit() + 1)
            .fetch(InvitationQueries::invitation);
    return keyset.page(rows, request, row -> List.of(row.id().toString()));
  }

  /** The revoked invitation, if it was neither accepted nor revoked before. */
  Optional<Invitation> revoke(TenantTx tx, UUID id) {
    return tx.dsl()
        .update(INVITATIONS)
        .set(INVITATIONS.REVOKED_AT, tx.now())
        .where(one(tx.organizationId(), id), open())
        .returning()
        .fetchOptional(InvitationQueries::invitation);
  }

  /**
   * The status of an organization, and until the end of the transaction nobody locks it: the last
   * owner's leaving does, before the members that {@link #lockedRole} locks.
   */
  Optional<OrganizationStatus> lockedStatus(SystemTx tx, UUID organization) {
    return tx.dsl()
        .select(ORGANIZATIONS.STATUS)
        .from(ORGANIZATIONS)
        .where(ORGANIZATIONS.ID.eq(organization))
        .forKeyShare()
        .fetchOptional(ORGANIZATIONS.STATUS);
  }

  /** The invitation of a token; until the end of the transaction nobody else accepts it. */
  Optional<Invitation> lock(SystemTx tx, InvitationToken token) {
    return tx.dsl()
        .selectFrom(INVITATIONS)
        .where(
            INVITATIONS.ORGANIZATION_ID.eq(token.organization()),
            INVITATIONS.TOKEN_HASH.eq(token.hash()))
        .forUpdate()
        .fetchOptional(InvitationQueries::invitation);
  }

  /**
   * The role of an active member, who keeps it until the end of the transaction; empty if the user
   * is none.
   */
  Optional<MemberRole> lockedRole(SystemTx tx, UUID organization, UUID user) {
    return tx.dsl()
        .select(ORGANIZATION_MEMBERS.ROLE)
        .from(ORGANIZATION_MEMBERS)
        .join(USERS)
        .on(USERS.ID.eq(ORGANIZATION_MEMBERS.USER_ID), USERS.IS_ACTIVE.isTrue())
        .where(
            ORGANIZATION_MEMBERS.ORGANIZATION_ID.eq(organization),
            ORGANIZATION_MEMBERS.USER_ID.eq(user),
            ORGANIZATION_MEMBERS.LEFT_AT.isNull())
        .forShare()
        .of(ORGANIZATION_MEMBERS)
        .fetchOptional(ORGANIZATION_MEMBERS.ROLE);
  }

  Invitation accept(SystemTx tx, Invitation invitation, UUID user) {
    return tx.dsl()
        .update(INVITATIONS)
        .set(INVITATIONS.ACCEPTED_AT, tx.now())
        .set(INVITATIONS.ACCEPTED_BY, user)
        .where(one(invitation.organizationId(), invitation.id()))
        .returning()
        .fetchSingle(InvitationQueries::invitation);
  }

  int deleteClosedBefore(SystemTx tx, Instant before, int limit) {
    return tx.dsl()
        .deleteFrom(INVITATIONS)
        .where(
            DSL.row(INVITATIONS.ORGANIZATION_ID, INVITATIONS.ID)
                .in(
                    DSL.select(INVITATIONS.ORGANIZATION_ID, INVITATIONS.ID)
                        .from(INVITATIONS)
                        .where(CLOSED_AT.lt(before))
                        .orderBy(CLOSED_AT)
                        .limit(limit)))
        .execute();
  }

  private static Condition one(UUID organization, UUID id) {
    return INVITATIONS.ORGANIZATION_ID.eq(organization).and(INVITATIONS.ID.eq(id));
  }

  private static Condition open() {
    return INVITATIONS.ACCEPTED_AT.isNull().and(INVITATIONS.REVOKED_AT.isNull());
  }

  private static Invitation invitation(InvitationsRecord row) {
    return new Invitation(
        row.getOrganizationId(),
        row.getId(),
        row.getEmail(),
        row.getRole(),
        row.getInvitedBy(),
        row.getExpiresAt(),
        row.getAcceptedAt(),
        row.getAcceptedBy(),
        row.getRevokedAt(),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getVersion());
  }
}
