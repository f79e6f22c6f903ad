package dev.plinth.projects.project;

import static dev.plinth.base.sql.ClosedSetConverter.text;
import static dev.plinth.projects.jooq.Tables.PROJECTS;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Members;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.workspace.Workspaces;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * The projects of an organization. Every member but viewers may write; deleted projects are gone
 * for everything here. Thread-safe.
 */
public final class Projects {

  private static final String WHAT = "project";
  private static final int KEYS_AT_ONCE = 100;

  private final ProjectQueries queries = new ProjectQueries();
  private final ProjectMemberQueries projectMembers = new ProjectMemberQueries();
  private final Members members = new Members();
  private final Workspaces workspaces = new Workspaces();

  /**
   * Makes a project. Its owner, unless another is named who acts, becomes its lead; a service that
   * names none makes a project without.
   *
   * @return the stored project; a key that was not given is the name's letters and digits, with a
   *     number where that is taken
   * @throws ConflictException if the given key is taken
   * @throws NotFoundException if the given owner is no member, or there is no such workspace
   * @throws AccessDeniedException if who acts is a viewer
   */
  public Project create(TenantTx tx, NewProject project) {
    if (project.owner() != null) {
      members.get(tx, project.owner());
    }
    if (project.workspace() != null) {
      workspaces.get(tx, project.workspace());
    }
    UUID owner = project.owner() == null ? tx.userId().orElse(null) : project.owner();
    Project created = insert(tx, project, owner);
    if (owner != null) {
      projectMembers.add(tx, created.id(), owner, ProjectRole.LEAD);
    }
    tx.publish(new ProjectCreated(tx.organizationId(), created.id()));
    return created;
  }

  /**
   * The project of an id.
   *
   * @throws NotFoundException if the organization has none
   */
  public Project get(TenantTx tx, UUID id) {
    return queries.find(tx, PROJECTS.ID.eq(id)).orElseThrow(() -> missing(id));
  }

  /** The project of a key, which is upper-case. */
  public Optional<Project> findByKey(TenantTx tx, String key) {
    return queries.find(tx, PROJECTS.KEY.eq(key));
  }

  /**
   * The projects, oldest first.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Project> list(TenantTx tx, PageRequest request) {
    return list(tx, ProjectFilter.all(), request);
  }

  /**
   * Some of the projects, oldest first.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Project> list(TenantTx tx, ProjectFilter filter, PageRequest request) {
    return queries.page(tx, filter, request);
  }

  /**
   * Changes what is named.
   *
   * @param version what the caller saw
   * @return the stored project
   * @throws NotFoundException if there is no such project or workspace, or the new owner is no
   *     member
   * @throws StaleVersionException if the project changed since
   * @throws AccessDeniedException if who acts is a viewer
   * @throws dev.plinth.base.error.InvalidValueException if nothing is named
   */
  public Project update(TenantTx tx, UUID id, int version, ProjectChanges changes) {
    Map<Field<?>, @Nullable Object> assignments = changes.assignments();
    tx.requireWriter();
    changes.newOwner().ifPresent(owner -> members.get(tx, owner));
    changes.newWorkspace().ifPresent(workspace -> workspaces.get(tx, workspace));
    return updated(tx, id, version, assignments);
  }

  /**
   * Moves a project on in its life; completing it notes when.
   *
   * @param version what the caller saw
   * @return the stored project
   * @throws IllegalTransitionException if the present status cannot become {@code status}
   * @throws NotFoundException if there is no such project
   * @throws StaleVersionException if the project changed since
   * @throws AccessDeniedException if who acts is a viewer
   */
  public Project changeStatus(TenantTx tx, UUID id, int version, ProjectStatus status) {
    tx.requireWriter();
    Project before = get(tx, id);
    if (before.version() != version) {
      throw stale(id, version);
    }
    if (!before.status().canBecome(status)) {
      throw new IllegalTransitionException(WHAT, text(before.status()), text(status), null);
    }
    Project after = updated(tx, id, version, Map.of(PROJECTS.STATUS, status));
    tx.publish(new ProjectStatusChanged(tx.organizationId(), id, before.status(), status));
    return after;
  }

  /**
   * Deletes a project softly: its key is free again, and what points to it stays.
   *
   * @param version what the caller saw
   * @throws NotFoundException if there is no such project
   * @throws StaleVersionException if the project changed since
   * @throws AccessDeniedException if who acts is a viewer
   */
  public void delete(TenantTx tx, UUID id, int version) {
    tx.requireWriter();
    updated(tx, id, version, Map.of(PROJECTS.DELETED_AT, tx.now()));
    tx.publish(new ProjectDeleted(tx.organizationId(), id));
  }

  /**
   * A project at a glance.
   *
   * @throws NotFoundException if the organization has none of that id
   */
  public ProjectOverview overview(TenantTx tx, UUID id) {
    return queries.overview(tx, id).orElseThrow(() -> missing(id));
  }

  /**
   * The projects at a glance, oldest first.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<ProjectOverview> overviews(TenantTx tx, PageRequest request) {
    return queries.overviews(tx, request);
  }

  private Project insert(TenantTx tx, NewProject project, @Nullable UUID owner) {
    if (project.key() == null) {
      return insertWithDerivedKey(tx, project, owner);
    }
    return queries
        .insert(tx, project, project.key(), owner)
        .orElseThrow(() -> new ConflictException("projects", "key", "projects_key_uq", null));
  }

  /** A key that somebody else takes meanwhile is seen as taken by the next look. */
  private Project insertWithDerivedKey(TenantTx tx, NewProject project, @Nullable UUID owner) {
    String stem = ProjectKeys.stem(project.name());
    String key = ProjectKeys.candidates(stem, 1, 1).get(0);
    while (true) {
      Optional<Project> created = queries.insert(tx, project, key, owner);
      if (created.isPresent()) {
        return created.get();
      }
      key = freeKey(tx, stem);
    }
  }

  private String freeKey(TenantTx tx, String stem) {
    for (long from = 1; ; from += KEYS_AT_ONCE) {
      Optional<String> free =
          queries.firstFree(tx, ProjectKeys.candidates(stem, from, KEYS_AT_ONCE));
      if (free.isPresent()) {
        return free.get();
      }
    }
  }

  private Project updated(
      TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    return queries.update(tx, id, version, changes).orElseThrow(refusal(tx, id, version));
  }

  private Supplier<RuntimeException> refusal(TenantTx tx, UUID id, int version) {
    return () -> {
      get(tx, id);
      return stale(id, version);
    };
  }

  private static NotFoundException missing(UUID id) {
    return new NotFoundException(WHAT, id.toString(), null);
  }

  private static StaleVersionException stale(UUID id, int version) {
    return new StaleVersionException(WHAT, id.toString(), version, null);
  }
}
