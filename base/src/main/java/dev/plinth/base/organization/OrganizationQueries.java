package dev.plinth.base.organization;

import static dev.plinth.base.jooq.Tables.ORGANIZATIONS;

import dev.plinth.base.jooq.tables.records.OrganizationsRecord;
import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.tenancy.Tx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;

/** The SQL of organizations. */
final class OrganizationQueries {

  private static final Keyset BY_SLUG = Keyset.across("organizations-by-slug");

  Organization insert(SystemTx tx, NewOrganization organization) {
    return organization(
        tx.dsl()
            .insertInto(ORGANIZATIONS)
            .set(ORGANIZATIONS.SLUG, organization.slug())
            .set(ORGANIZATIONS.NAME, organization.name())
            .returning()
            .fetchSingle());
  }

  Optional<Organization> find(Tx tx, Condition which) {
    return tx.dsl()
        .selectFrom(ORGANIZATIONS)
        .where(which)
        .fetchOptional(OrganizationQueries::organization);
  }

  Page<Organization> page(SystemTx tx, PageRequest request) {
    List<Organization> rows =
        tx.dsl()
            .selectFrom(ORGANIZATIONS)
            .where(BY_SLUG.after(request, ORGANIZATIONS.SLUG, text -> text))
            .orderBy(ORGANIZATIONS.SLUG)
            .limit(request.limit() + 1)
            .fetch(OrganizationQueries::organization);
    return BY_SLUG.page(rows, request, row -> List.of(row.slug()));
  }

  Optional<Organization> setStatus(SystemTx tx, UUID id, int version, OrganizationStatus status) {
    return tx.dsl()
        .update(ORGANIZATIONS)
        .set(ORGANIZATIONS.STATUS, status)
        .where(ORGANIZATIONS.ID.eq(id), ORGANIZATIONS.VERSION.eq(version))
        .returning()
        .fetchOptional(OrganizationQueries::organization);
  }

  Optional<Organization> rename(TenantTx tx, int version, String name) {
    return tx.dsl()
        .update(ORGANIZATIONS)
        .set(ORGANIZATIONS.NAME, name)
        .where(ORGANIZATIONS.ID.eq(tx.organizationId()), ORGANIZATIONS.VERSION.eq(version))
        .returning()
        .fetchOptional(OrganizationQueries::organization);
  }

  private static Organization organization(OrganizationsRecord row) {
    return new Organization(
        row.getId(),
        row.getSlug(),
        row.getName(),
        row.getStatus(),
        row.getSettings(),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getVersion());
  }
}
