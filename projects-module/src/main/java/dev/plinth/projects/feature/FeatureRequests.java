package dev.plinth.projects.feature;

import static dev.plinth.base.sql.ClosedSetConverter.text;
import static dev.plinth.projects.jooq.Tables.FEATURE_REQUESTS;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.CycleException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Members;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.project.Projects;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * What is wished of projects. Every member but viewers proposes; leads and contributors of the
 * project, and who administers the organization, decide on status, priority, assignee, deadline,
 * complexity and parent; a requester changes the own words while they are proposed. The database
 * enforces all of it. Deleted ones, and those of deleted projects, are gone for everything here.
 * Thread-safe.
 */
public final class FeatureRequests {

  static final String WHAT = "feature_request";

  private final FeatureRequestQueries queries = new FeatureRequestQueries();
  private final FeatureRequestLists lists = new FeatureRequestLists();
  private final TransitionQueries transitions = new TransitionQueries();
  private final Projects projects = new Projects();
  private final Members members = new Members();
  private final FeatureRequestNews news = new FeatureRequestNews();

  /**
   * Proposes something; who is to do it is told.
   *
   * @return the stored feature request, of who acts
   * @throws NotFoundException if there is no such project or parent, or the assignee is no active
   *     member
   * @throws AccessDeniedException if who acts is a viewer, or plans without working on the project
   * @throws IllegalTransitionException if the parent is completed
   * @throws dev.plinth.base.error.ConstraintViolationException if it would be the eleventh level
   */
  public FeatureRequest create(TenantTx tx, UUID project, NewFeatureRequest request) {
    tx.requireWriter();
    projects.get(tx, project);
    if (request.plans()) {
      requireManager(tx, project);
    }
    requireMember(tx, request.assignee());
    FeatureRequest created = get(tx, queries.insert(tx, project, request));
    tx.publish(new FeatureRequestCreated(tx.organizationId(), project, created.id()));
    news.assigned(tx, created, Optional.empty());
    return created;
  }

  /**
   * The feature request of an id.
   *
   * @throws NotFoundException if the organization has none
   */
  public FeatureRequest get(TenantTx tx, UUID id) {
    return queries.find(tx, id).orElseThrow(() -> new NotFoundException(WHAT, id.toString(), null));
  }

  /**
   * Some of the feature requests, with what is counted and the own vote, in one statement a page.
   * What gets votes or another priority between two pages may come twice or be left out.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<FeatureRequest> list(
      TenantTx tx, FeatureRequestFilter filter, FeatureRequestOrder order, PageRequest request) {
    return lists.page(tx, filter, order, request);
  }

  /**
   * Those whose title or description holds the words, as they are written (no stems, whatever the
   * language), best match first; words of the title count more.
   *
   * @param text as in a web search: all words, {@code "a phrase"}, {@code or}, {@code -not}
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   * @throws dev.plinth.base.error.InvalidValueException if the text is blank or longer than 1,000
   *     characters
   */
  public Page<FeatureRequest> search(
      TenantTx tx, String text, FeatureRequestFilter filter, PageRequest request) {
    return lists.search(tx, text, filter, request);
  }

  /**
   * Those whose title resembles another, the closest first: to be shown before somebody proposes
   * what was proposed already.
   *
   * @throws dev.plinth.base.error.InvalidCursorException as for {@link #search}
   * @throws dev.plinth.base.error.InvalidValueException as for {@link #search}
   */
  public Page<FeatureRequest> similar(
      TenantTx tx, String title, FeatureRequestFilter filter, PageRequest request) {
    return lists.similar(tx, title, filter, request);
  }

  /**
   * Changes what is named; who is to do it now is told.
   *
   * @param version what the caller saw
   * @return the stored feature request
   * @throws NotFoundException if there is no such feature request or parent, or the assignee is no
   *     active member
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts may not change that
   * @throws CycleException if it would be its own ancestor, with the path
   * @throws IllegalTransitionException if it is open and the parent is completed
   * @throws dev.plinth.base.error.ConstraintViolationException if it would be deeper than ten
   *     levels
   * @throws dev.plinth.base.error.InvalidValueException if nothing is named
   */
  public FeatureRequest update(TenantTx tx, UUID id, int version, FeatureRequestChanges changes) {
    Map<Field<?>, @Nullable Object> assignments = changes.assignments();
    FeatureRequest before = editable(tx, id, changes.plans());
    requireMember(tx, changes.newAssignee().orElse(null));
    FeatureRequest after = updated(tx, id, version, assignments);
    tx.publish(new FeatureRequestChanged(tx.organizationId(), id));
    news.assigned(tx, after, before.assignee());
    return after;
  }

  /**
   * Moves a feature request on in its life and tells its requester and who voted for it.
   *
   * @param version what the caller saw
   * @return the stored feature request
   * @throws IllegalTransitionException if the present status cannot become {@code status}; if it is
   *     to be completed and a part of it is open; if it is to be opened and what it is a part of is
   *     completed
   * @throws NotFoundException if there is no such feature request
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts does not work on the project
   */
  public FeatureRequest changeStatus(TenantTx tx, UUID id, int version, FeatureStatus status) {
    FeatureRequest before = editable(tx, id, true);
    if (before.version() != version) {
      throw stale(id, version);
    }
    if (!before.status().canBecome(status)) {
      throw new IllegalTransitionException(WHAT, text(before.status()), text(status), null);
    }
    FeatureRequest after = updated(tx, id, version, Map.of(FEATURE_REQUESTS.STATUS, status));
    news.moved(tx, before, after);
    return after;
  }

  /**
   * Deletes a feature request softly; a requester may do so while it is proposed.
   *
   * @param version what the caller saw
   * @throws ConflictException if it has parts
   * @throws NotFoundException if there is no such feature request
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException if who acts may not
   */
  public void delete(TenantTx tx, UUID id, int version) {
    editable(tx, id, false);
    if (!queries.update(tx, id, version, Map.of(FEATURE_REQUESTS.DELETED_AT, tx.now()))) {
      throw stale(id, version);
    }
    tx.publish(new FeatureRequestDeleted(tx.organizationId(), id));
  }

  /**
   * Every change of status, priority, assignee, deadline, complexity and parent, oldest first.
   *
   * @throws NotFoundException if there is no such feature request
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Transition> transitions(TenantTx tx, UUID id, PageRequest request) {
    get(tx, id);
    return transitions.page(tx, id, request);
  }

  /**
   * How long it was in each status, the first one first; a status that it had twice comes twice.
   *
   * @throws NotFoundException if there is no such feature request
   */
  public List<StatusPeriod> statusPeriods(TenantTx tx, UUID id) {
    get(tx, id);
    return transitions.statusPeriods(tx, id);
  }

  private FeatureRequest editable(TenantTx tx, UUID id, boolean plans) {
    tx.requireWriter();
    FeatureRequest before = get(tx, id);
    boolean own =
        before.status() == FeatureStatus.PROPOSED
            && before.requester().isPresent()
            && before.requester().equals(tx.userId());
    if (plans || !own) {
      requireManager(tx, before.projectId());
    }
    return before;
  }

  private void requireManager(TenantTx tx, UUID project) {
    if (!queries.manages(tx, project)) {
      throw new AccessDeniedException(
          "only who works on the project decides on its feature requests", null);
    }
  }

  private void requireMember(TenantTx tx, @Nullable UUID user) {
    if (user != null) {
      members.get(tx, user);
    }
  }

  private FeatureRequest updated(
      TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    if (!queries.update(tx, id, version, changes)) {
      throw stale(id, version);
    }
    return get(tx, id);
  }

  private static StaleVersionException stale(UUID id, int version) {
    return new StaleVersionException(WHAT, id.toString(), version, null);
  }
}
