package dev.plinth.tasks.definition;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.Optional;
import java.util.UUID;

/**
 * The kinds of tasks that an organization has. A host says them again whenever it starts, as the
 * organization's service: owners, admins and services may, because a definition decides which
 * function of the host is called. Every member sees them. Thread-safe.
 */
public final class TaskDefinitions {

  static final String WHAT = "task_definition";

  private static final String REFUSAL = "only owners, admins and services define tasks";
  private static final String REMEDY = " (define it in this organization first)";

  private final TaskDefinitionQueries queries = new TaskDefinitionQueries();

  /**
   * Makes a definition, or brings the one of that name up to date; what says the same again changes
   * nothing. Tasks that wait keep their input, queue, priority and number of attempts; timeout,
   * retries, limits and handler are those of the definition when they are claimed. A task that is
   * enqueued elsewhere while its definition gets its first limit may miss it.
   *
   * @return the stored definition
   * @throws InvalidValueException if the schema is none of draft 2020-12, or refers to another
   * @throws AccessDeniedException if who acts does not administer the organization
   */
  public TaskDefinition define(TenantTx tx, NewTaskDefinition definition) {
    tx.requireAdministrator(REFUSAL);
    Optional.ofNullable(definition.data().inputSchema()).ifPresent(InputSchema::of);
    Optional<TaskDefinition> before = findByName(tx, definition.name());
    queries.put(tx, definition);
    TaskDefinition stored = getByName(tx, definition.name());
    if (before.isPresent() && before.get().limits().any() != stored.limits().any()) {
      queries.limitTasks(tx, stored);
    }
    return stored;
  }

  /**
   * The definition of an id, also one that was deleted: tasks of it may still be there.
   *
   * @throws NotFoundException if the organization has none
   */
  public TaskDefinition get(TenantTx tx, UUID id) {
    return queries.find(tx, id).orElseThrow(() -> new NotFoundException(WHAT, id.toString(), null));
  }

  /**
   * The definition of a name.
   *
   * @throws NotFoundException if the organization has none, or it was deleted
   */
  public TaskDefinition getByName(TenantTx tx, String name) {
    return findByName(tx, name).orElseThrow(() -> new NotFoundException(WHAT, name, REMEDY, null));
  }

  /** The definition of a name; empty if the organization has none, or it was deleted. */
  public Optional<TaskDefinition> findByName(TenantTx tx, String name) {
    return queries.findByName(tx, name);
  }

  /**
   * The definitions, by name, without deleted ones.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<TaskDefinition> list(TenantTx tx, PageRequest request) {
    return queries.page(tx, request);
  }

  /**
   * Deletes a definition softly: nothing is enqueued for it any more; what was, is still done.
   *
   * @throws NotFoundException if there is none of that name
   * @throws AccessDeniedException if who acts does not administer the organization
   */
  public void delete(TenantTx tx, String name) {
    tx.requireAdministrator(REFUSAL);
    if (!queries.delete(tx, name)) {
      throw new NotFoundException(WHAT, name, null);
    }
  }
}
