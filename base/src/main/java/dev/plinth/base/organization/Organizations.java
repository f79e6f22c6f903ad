package dev.plinth.base.organization;

import static dev.plinth.base.jooq.Tables.ORGANIZATIONS;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.Require;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import java.util.Optional;
import java.util.UUID;

/**
 * The tenants. Making them and changing their status is the system's work; inside, an organization
 * sees itself. Thread-safe.
 */
public final class Organizations {

  private final OrganizationQueries organizations = new OrganizationQueries();
  private final MemberQueries members = new MemberQueries();

  /**
   * Makes an organization with its first owner.
   *
   * @throws dev.plinth.base.error.ConflictException if the slug is taken
   * @throws NotFoundException if there is no such user
   * @throws dev.plinth.base.error.InvalidValueException if no owner is named
   */
  public Organization create(SystemTx tx, NewOrganization organization) {
    UUID owner = organization.requiredOwner();
    Organization created = organizations.insert(tx, organization);
    if (!members.insertOwner(tx, created.id(), owner)) {
      throw new NotFoundException("user", owner.toString(), null);
    }
    tx.publish(new OrganizationCreated(created.id()));
    return created;
  }

  /**
   * The organization of an id.
   *
   * @throws NotFoundException if there is none
   */
  public Organization get(SystemTx tx, UUID id) {
    return organizations.find(tx, ORGANIZATIONS.ID.eq(id)).orElseThrow(() -> missing(id));
  }

  /** The organization of a slug. */
  public Optional<Organization> findBySlug(SystemTx tx, String slug) {
    return organizations.find(tx, ORGANIZATIONS.SLUG.eq(slug));
  }

  /**
   * All organizations by slug.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Organization> list(SystemTx tx, PageRequest request) {
    return organizations.page(tx, request);
  }

  /**
   * Suspends, archives or reactivates an organization; it holds from the next transaction on.
   *
   * @param version what the caller saw
   * @return the stored organization
   * @throws NotFoundException if there is none
   * @throws StaleVersionException if it changed since
   */
  public Organization setStatus(SystemTx tx, UUID id, int version, OrganizationStatus status) {
    return organizations
        .setStatus(tx, id, version, status)
        .orElseThrow(
            () -> {
              get(tx, id);
              return new StaleVersionException("organization", id.toString(), version, null);
            });
  }

  /** The organization that the transaction works in. */
  public Organization current(TenantTx tx) {
    UUID id = tx.organizationId();
    return organizations.find(tx, ORGANIZATIONS.ID.eq(id)).orElseThrow(() -> missing(id));
  }

  /**
   * Gives the organization another name.
   *
   * @param version what the caller saw
   * @return the stored organization
   * @throws AccessDeniedException if the member does not administer it
   * @throws StaleVersionException if it changed since
   */
  public Organization rename(TenantTx tx, int version, String name) {
    tx.requireAdministrator("only owners and admins rename an organization");
    String checked = Require.text("name", name, NewOrganization.NAME_LENGTH);
    return organizations
        .rename(tx, version, checked)
        .orElseThrow(
            () ->
                new StaleVersionException(
                    "organization", tx.organizationId().toString(), version, null));
  }

  private static NotFoundException missing(UUID id) {
    return new NotFoundException("organization", id.toString(), null);
  }
}
