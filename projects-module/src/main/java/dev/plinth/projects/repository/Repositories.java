package dev.plinth.projects.repository;

import static dev.plinth.projects.jooq.Tables.REPOSITORIES;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.project.Projects;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * The git repositories of an organization. Every member but viewers may write; deleted repositories
 * are gone for everything here but {@link #register}. Thread-safe.
 */
public final class Repositories {

  private static final String WHAT = "repository";

  private final RepositoryQueries queries = new RepositoryQueries();
  private final BranchQueries branches = new BranchQueries();
  private final LinkQueries links = new LinkQueries();
  private final Projects projects = new Projects();

  /**
   * Makes a repository known. One of the same provider and external id keeps its id and takes over
   * what is said, a deleted one comes back; what is null stays, and if nothing is new nothing is
   * written.
   *
   * @return the stored repository
   * @throws AccessDeniedException if who acts is a viewer
   */
  public Repository register(TenantTx tx, NewRepository repository) {
    tx.requireWriter();
    return findByExternalId(tx, repository.provider(), repository.externalId())
        .filter(repository::saysNothingNewOf)
        .orElseGet(() -> upsert(tx, repository));
  }

  /**
   * The repository of an id.
   *
   * @throws NotFoundException if the organization has none
   */
  public Repository get(TenantTx tx, UUID id) {
    return queries
        .find(tx, REPOSITORIES.ID.eq(id))
        .orElseThrow(() -> new NotFoundException(WHAT, id.toString(), null));
  }

  /** The repository that a provider knows by an id. */
  public Optional<Repository> findByExternalId(TenantTx tx, Provider provider, String externalId) {
    return queries.find(
        tx, REPOSITORIES.PROVIDER.eq(provider).and(REPOSITORIES.EXTERNAL_ID.eq(externalId)));
  }

  /**
   * The repositories, in the order in which they were first registered.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Repository> list(TenantTx tx, PageRequest request) {
    return queries.page(tx, request);
  }

  /**
   * Says how analyses treat a repository, in place of what was said before.
   *
   * @param version what the caller saw
   * @return the stored repository
   * @throws NotFoundException if there is no such repository
   * @throws StaleVersionException if it changed since, be it by a synchronisation
   * @throws AccessDeniedException if who acts is a viewer
   */
  public Repository configureAnalysis(
      TenantTx tx, UUID id, int version, Map<String, Object> configuration) {
    Map<String, Object> copy = new LinkedHashMap<>(configuration);
    Repository changed = update(tx, id, version, Map.of(REPOSITORIES.ANALYSIS_CONFIGURATION, copy));
    tx.publish(new RepositoryChanged(tx.organizationId(), id));
    return changed;
  }

  /**
   * Deletes a repository softly; {@link #register} brings it back, with its branches and links.
   *
   * @param version what the caller saw
   * @throws NotFoundException if there is no such repository
   * @throws StaleVersionException if it changed since, be it by a synchronisation
   * @throws AccessDeniedException if who acts is a viewer
   */
  public void delete(TenantTx tx, UUID id, int version) {
    update(tx, id, version, Map.of(REPOSITORIES.DELETED_AT, tx.now()));
    tx.publish(new RepositoryDeleted(tx.organizationId(), id));
  }

  /**
   * The branches of a repository by name; without deleted ones.
   *
   * @throws NotFoundException if there is no such repository
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Branch> branches(TenantTx tx, UUID repository, PageRequest request) {
    get(tx, repository);
    return branches.page(tx, repository, request);
  }

  /**
   * Lets a project work with a repository; where it does already it takes the role, and where it
   * has that nothing is written.
   *
   * @throws NotFoundException if there is no such project or no such repository
   * @throws AccessDeniedException if who acts is a viewer
   */
  public void link(TenantTx tx, UUID project, UUID repository, LinkRole role) {
    tx.requireWriter();
    projects.get(tx, project);
    get(tx, repository);
    if (links.role(tx, project, repository).equals(Optional.of(role))) {
      return;
    }
    links.put(tx, project, repository, role);
    tx.publish(new RepositoryLinked(tx.organizationId(), project, repository, role, true));
  }

  /**
   * Ends that a project works with a repository.
   *
   * @throws NotFoundException if it does not
   * @throws AccessDeniedException if who acts is a viewer
   */
  public void unlink(TenantTx tx, UUID project, UUID repository) {
    tx.requireWriter();
    LinkRole role =
        links
            .remove(tx, project, repository)
            .orElseThrow(
                () -> new NotFoundException("project_repository", repository.toString(), null));
    tx.publish(new RepositoryLinked(tx.organizationId(), project, repository, role, false));
  }

  /**
   * The repositories that a project works with, in the order in which they were first registered.
   *
   * @throws NotFoundException if there is no such project
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<LinkedRepository> ofProject(TenantTx tx, UUID project, PageRequest request) {
    projects.get(tx, project);
    return links.page(tx, project, request);
  }

  /**
   * The projects that work with a repository, in the order in which they were made.
   *
   * @throws NotFoundException if there is no such repository
   */
  public List<UUID> projectsOf(TenantTx tx, UUID repository) {
    get(tx, repository);
    return links.projects(tx, repository);
  }

  private Repository upsert(TenantTx tx, NewRepository repository) {
    Repository stored = queries.upsert(tx, repository);
    boolean first = stored.version() == 1;
    tx.publish(
        first
            ? new RepositoryRegistered(tx.organizationId(), stored.id())
            : new RepositoryChanged(tx.organizationId(), stored.id()));
    return stored;
  }

  private Repository update(
      TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    tx.requireWriter();
    return queries
        .update(tx, id, version, changes)
        .orElseThrow(
            () -> {
              get(tx, id);
              return new StaleVersionException(WHAT, id.toString(), version, null);
            });
  }
}
