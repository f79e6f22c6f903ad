package dev.plinth.tasks.workflow;

import static dev.plinth.tasks.jooq.Tables.TASKS;
import static dev.plinth.tasks.jooq.Tables.TASK_DEFINITIONS;

import dev.plinth.base.Plinth;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.queue.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Enqueues, claims and ends tasks by SQL, as a worker does: without its threads and its leases. */
final class ByHand {

  private static final String CLAIM =
      """
      WITH next AS MATERIALIZED (
        SELECT t.id FROM plinth_tasks.tasks t
        WHERE t.organization_id = ? AND t.status = 'pending' AND t.unmet_dependencies = 0
        ORDER BY t.turn_at, t.id LIMIT ? FOR UPDATE SKIP LOCKED),
      claimed AS (
        UPDATE plinth_tasks.tasks t
        SET status = 'running', attempt = t.attempt + 1, started_at = plinth_base.transaction_time(),
            lease_token = t.id, lease_worker = 'test', lease_until = now() + interval '1 minute'
        FROM next n WHERE t.organization_id = ? AND t.id = n.id
        RETURNING t.id, t.turn_at)
      SELECT id FROM claimed ORDER BY turn_at, id
      """;

  private static final String END =
      """
      UPDATE plinth_tasks.tasks
      SET status = ?, output = ?::jsonb, error_type = ?, finished_at = plinth_base.transaction_time(),
          lease_token = NULL, lease_worker = NULL, lease_until = NULL
      WHERE organization_id = ? AND id = ANY (?::uuid[]) AND status = 'running'
      RETURNING id
      """;

  private final Plinth plinth;
  private final UUID organization;

  ByHand(Plinth plinth, UUID organization) {
    this.plinth = plinth;
    this.organization = organization;
  }

  static UUID define(TenantTx tx, String name) {
    return tx.dsl()
        .insertInto(TASK_DEFINITIONS)
        .set(TASK_DEFINITIONS.ORGANIZATION_ID, tx.organizationId())
        .set(TASK_DEFINITIONS.NAME, name)
        .set(TASK_DEFINITIONS.HANDLER, name)
        .returning(TASK_DEFINITIONS.ID)
        .fetchSingle(TASK_DEFINITIONS.ID);
  }

  static UUID enqueue(TenantTx tx, UUID definition) {
    return tx.dsl()
        .insertInto(TASKS)
        .set(TASKS.ORGANIZATION_ID, tx.organizationId())
        .set(TASKS.DEFINITION_ID, definition)
        .set(TASKS.QUEUE, "default")
        .set(TASKS.PRIORITY, Priority.MEDIUM)
        .set(TASKS.TURN_AT, tx.now())
        .returning(TASKS.ID)
        .fetchSingle(TASKS.ID);
  }

  /** Claims what is ready, the next in turn first. */
  List<UUID> claim(int most) {
    return plinth
        .asService(organization, "worker")
        .call(
            tx ->
                tx.dsl()
                    .fetch(CLAIM, organization, most, organization)
                    .map(row -> (UUID) row.get(0)));
  }

  void succeed(UUID... tasks) {
    plinth.asService(organization, "worker").run(tx -> end(tx, "succeeded", "{}", tasks));
  }

  void succeedWith(String output, UUID... tasks) {
    plinth.asService(organization, "worker").run(tx -> end(tx, "succeeded", output, tasks));
  }

  void die(UUID... tasks) {
    plinth.asService(organization, "worker").run(tx -> end(tx, "dead", null, tasks));
  }

  void stopAsAsked(UUID... tasks) {
    plinth.asService(organization, "worker").run(tx -> end(tx, "cancelled", null, tasks));
  }

  /** Cancels tasks that wait, as {@code Tasks.cancel} does. */
  void cancel(UUID... tasks) {
    plinth
        .asService(organization, "worker")
        .run(
            tx -> {
              tx.dsl()
                  .execute(
                      "UPDATE plinth_tasks.tasks SET status = 'cancelled', finished_at ="
                          + " plinth_base.transaction_time() WHERE organization_id = ? AND id = ANY (?::uuid[])",
                      organization,
                      tasks);
              settle(tx, tasks);
            });
  }

  /** In the caller's transaction; the queues in which tasks became ready. */
  List<String> end(TenantTx tx, String status, @Nullable String output, UUID... tasks) {
    String error = status.equals("succeeded") ? null : "Test";
    tx.dsl().fetch(END, status, output, error, organization, tasks);
    return settle(tx, tasks);
  }

  private List<String> settle(TenantTx tx, UUID... tasks) {
    List<String> ready = new ArrayList<>();
    for (Record row :
        tx.dsl()
            .fetch(
                "SELECT queue, ready FROM plinth_tasks.settle_successors(?, ?::uuid[])",
                organization,
                tasks)) {
      ready.add(row.get(0) + ":" + row.get(1));
    }
    return ready;
  }

  /** Claims and ends, until nothing is ready; which nodes in which order. */
  List<String> drain(Map<String, String> outcomes) {
    List<String> done = new ArrayList<>();
    for (List<UUID> next = claim(1); !next.isEmpty(); next = claim(1)) {
      UUID task = next.get(0);
      String node = node(task);
      done.add(node);
      String outcome = outcomes.getOrDefault(node, "{}");
      if (outcome.equals("dead")) {
        die(task);
      } else {
        succeedWith(outcome, task);
      }
    }
    return done;
  }

  String node(UUID task) {
    return read(task, TASKS.NODE);
  }

  TaskStatus status(UUID task) {
    return read(task, TASKS.STATUS);
  }

  String errorType(UUID task) {
    return read(task, TASKS.ERROR_TYPE);
  }

  Map<String, Object> input(UUID task) {
    return read(task, TASKS.INPUT);
  }

  <T> T read(UUID task, Field<T> field) {
    return plinth
        .asService(organization, "worker")
        .read(
            tx ->
                tx.dsl()
                    .select(field)
                    .from(TASKS)
                    .where(TASKS.ORGANIZATION_ID.eq(organization), TASKS.ID.eq(task))
                    .fetchSingle(field));
  }
}
