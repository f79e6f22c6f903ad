package dev.plinth.base.organization;

import static dev.plinth.base.jooq.Tables.ORGANIZATION_MEMBERS;
import static dev.plinth.base.jooq.Tables.USERS;

import dev.plinth.base.jooq.tables.records.OrganizationMembersRecord;
import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.tenancy.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The SQL of organization members. */
final class MemberQueries {

  private static final String BY_USER = "members-by-user";

  /** Whether the user exists, and so is the owner now. */
  boolean insertOwner(SystemTx tx, UUID organization, UUID user) {
    return tx.dsl()
            .insertInto(
                ORGANIZATION_MEMBERS,
                ORGANIZATION_MEMBERS.ORGANIZATION_ID,
                ORGANIZATION_MEMBERS.USER_ID,
                ORGANIZATION_MEMBERS.ROLE,
                ORGANIZATION_MEMBERS.DISPLAY_NAME,
                ORGANIZATION_MEMBERS.AVATAR_URL)
            .select(
                DSL.select(
                        DSL.val(organization),
                        USERS.ID,
                        DSL.val(MemberRole.OWNER, ORGANIZATION_MEMBERS.ROLE),
                        USERS.USERNAME,
                        USERS.AVATAR_URL)
                    .from(USERS)
                    .where(USERS.ID.eq(user)))
            .execute()
        == 1;
  }

  /** Adds a member, or takes back one who left; empty if the user is a member already. */
  Optional<Member> add(Tx tx, UUID organization, NewMember member) {
    return tx.dsl()
        .insertInto(ORGANIZATION_MEMBERS)
        .set(ORGANIZATION_MEMBERS.ORGANIZATION_ID, organization)
        .set(ORGANIZATION_MEMBERS.USER_ID, member.user())
        .set(ORGANIZATION_MEMBERS.ROLE, member.role())
        .set(ORGANIZATION_MEMBERS.DISPLAY_NAME, member.displayName())
        .set(ORGANIZATION_MEMBERS.AVATAR_URL, member.avatarUrl())
        .onConflict(ORGANIZATION_MEMBERS.ORGANIZATION_ID, ORGANIZATION_MEMBERS.USER_ID)
        .doUpdate()
        .set(ORGANIZATION_MEMBERS.ROLE, DSL.excluded(ORGANIZATION_MEMBERS.ROLE))
        .set(ORGANIZATION_MEMBERS.DISPLAY_NAME, DSL.excluded(ORGANIZATION_MEMBERS.DISPLAY_NAME))
        .set(ORGANIZATION_MEMBERS.AVATAR_URL, DSL.excluded(ORGANIZATION_MEMBERS.AVATAR_URL))
        .setNull(ORGANIZATION_MEMBERS.LEFT_AT)
        .where(ORGANIZATION_MEMBERS.LEFT_AT.isNotNull())
        .returning()
        .fetchOptional(MemberQueries::member);
  }

  Optional<Member> find(TenantTx tx, UUID user) {
    return tx.dsl()
        .selectFrom(ORGANIZATION_MEMBERS)
        .where(one(tx, user))
        .fetchOptional(MemberQueries::member);
  }

  Page<Member> page(TenantTx tx, PageRequest request) {
    Keyset keyset = Keyset.of(BY_USER, tx.organizationId());
    List<Member> rows =
        tx.dsl()
            .selectFrom(ORGANIZATION_MEMBERS)
            .where(
                ORGANIZATION_MEMBERS.ORGANIZATION_ID.eq(tx.organizationId()),
                ORGANIZATION_MEMBERS.LEFT_AT.isNull(),
                keyset.after(request, ORGANIZATION_MEMBERS.USER_ID, UUID::fromString))
            .orderBy(ORGANIZATION_MEMBERS.USER_ID)
            .limit(request.limit() + 1)
            .fetch(MemberQueries::member);
    return keyset.page(rows, request, row -> List.of(row.userId().toString()));
  }

  /** The changed member; empty if there is none of that version, or who acts may not change it. */
  Optional<Member> update(
      TenantTx tx, UUID user, int version, Map<Field<?>, @Nullable Object> changes) {
    return tx.dsl()
        .update(ORGANIZATION_MEMBERS)
        .set(changes)
        .where(one(tx, user), ORGANIZATION_MEMBERS.VERSION.eq(version))
        .returning()
        .fetchOptional(MemberQueries::member);
  }

  List<UUID> organizationsOf(SystemTx tx, UUID user) {
    return tx.dsl()
        .select(ORGANIZATION_MEMBERS.ORGANIZATION_ID)
        .from(ORGANIZATION_MEMBERS)
        .where(ORGANIZATION_MEMBERS.USER_ID.eq(user), ORGANIZATION_MEMBERS.LEFT_AT.isNull())
        .orderBy(ORGANIZATION_MEMBERS.ORGANIZATION_ID)
        .fetch(ORGANIZATION_MEMBERS.ORGANIZATION_ID);
  }

  private static Condition one(TenantTx tx, UUID user) {
    return ORGANIZATION_MEMBERS
        .ORGANIZATION_ID
        .eq(tx.organizationId())
        .and(ORGANIZATION_MEMBERS.USER_ID.eq(user))
        .and(ORGANIZATION_MEMBERS.LEFT_AT.isNull());
  }

  private static Member member(OrganizationMembersRecord row) {
    return new Member(
        row.getOrganizationId(),
        row.getUserId(),
        row.getRole(),
        row.getDisplayName(),
        row.getAvatarUrl(),
        row.getLeftAt(),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getVersion());
  }
}
