package dev.plinth.tasks.queue;

import static dev.plinth.tasks.jooq.Tables.TASKS;

import dev.plinth.base.notification.Subject;
import dev.plinth.base.sql.JsonObjectConverter;
import dev.plinth.tasks.queue.Task.Failure;
import dev.plinth.tasks.queue.Task.Lease;
import dev.plinth.tasks.queue.Task.Progress;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** How rows become tasks. */
final class TaskRows {

  /** Any JSON, not only an object. */
  private static final Field<JSONB> OUTPUT = TASKS.OUTPUT.coerce(JSONB.class);

  private static final JsonObjectConverter JSON = new JsonObjectConverter();

  private TaskRows() {}

  /** All of the table, in its order. */
  static Field<?>[] columns() {
    return Stream.of(TASKS.fields())
        .map(column -> column.equals(TASKS.OUTPUT) ? OUTPUT : column)
        .toArray(Field<?>[]::new);
  }

  static Task task(Record row, String definition) {
    return new Task(
        row.get(TASKS.ORGANIZATION_ID),
        row.get(TASKS.ID),
        row.get(TASKS.DEFINITION_ID),
        definition,
        row.get(TASKS.QUEUE),
        row.get(TASKS.PRIORITY),
        row.get(TASKS.STATUS),
        row.get(TASKS.SCHEDULED_AT),
        row.get(TASKS.TURN_AT),
        row.get(TASKS.DEADLINE),
        row.get(TASKS.INPUT),
        output(row),
        row.get(TASKS.ATTEMPT),
        row.get(TASKS.ATTEMPTS_ALLOWED),
        row.get(TASKS.CONCURRENCY_KEY),
        row.get(TASKS.UNMET_DEPENDENCIES),
        row.get(TASKS.UNHANDLED_AT),
        lease(row),
        row.get(TASKS.CANCEL_REQUESTED_AT),
        progress(row),
        row.get(TASKS.STARTED_AT),
        row.get(TASKS.FINISHED_AT),
        failure(row),
        row.get(TASKS.IDEMPOTENCY_KEY),
        subject(row),
        row.get(TASKS.PROJECT_ID),
        row.get(TASKS.RUN_ID),
        row.get(TASKS.NODE),
        row.get(TASKS.CREATED_AT));
  }

  /** An input as the database has it. */
  static Map<String, Object> input(String json) {
    return Objects.requireNonNull(JSON.from(JSONB.valueOf(json)));
  }

  private static @Nullable Object output(Record row) {
    JSONB json = row.get(OUTPUT);
    return json == null ? null : JsonMapper.shared().readValue(json.data(), Object.class);
  }

  private static @Nullable Lease lease(Record row) {
    String worker = row.get(TASKS.LEASE_WORKER);
    return worker == null ? null : new Lease(worker, row.get(TASKS.LEASE_UNTIL));
  }

  private static @Nullable Progress progress(Record row) {
    Progress progress = new Progress(row.get(TASKS.PROGRESS), row.get(TASKS.PROGRESS_MESSAGE));
    return progress.percent().isEmpty() && progress.message().isEmpty() ? null : progress;
  }

  private static @Nullable Failure failure(Record row) {
    String type = row.get(TASKS.ERROR_TYPE);
    return type == null ? null : new Failure(type, row.get(TASKS.ERROR_MESSAGE));
  }

  private static @Nullable Subject subject(Record row) {
    String type = row.get(TASKS.SUBJECT_TYPE);
    return type == null ? null : new Subject(type, row.get(TASKS.SUBJECT_ID));
  }
}
