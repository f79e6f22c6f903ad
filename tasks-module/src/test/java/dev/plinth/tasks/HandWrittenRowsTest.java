package dev.plinth.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.ConstraintViolationException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What members write with SQL of their own, in all tables but those of the engine. */
@PlinthTest(TasksModule.class)
class HandWrittenRowsTest {

  /** The last is one that the driver takes for the second, once it knows the statement. */
  private static final List<String> NEVER =
      List.of("infinity", "-infinity", "4714-12-31 00:00:00+00 BC");

  private Plinth plinth;
  private Member alice;

  @BeforeEach
  void fill(Plinth plinth, Organization acme, Member alice) {
    this.plinth = plinth;
    this.alice = alice;
    new TasksContractsTest().fill(plinth, alice);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          task_definitions   | UPDATE plinth_tasks.task_definitions SET deleted_at = '%s'
          task_queues        | UPDATE plinth_tasks.task_queues SET paused_at = '%s'
          workflows          | UPDATE plinth_tasks.workflows SET deleted_at = '%s'
          task_schedules     | UPDATE plinth_tasks.task_schedules SET counted_from = '%s'
          work_items         | UPDATE plinth_tasks.work_items SET end_at = '%s'
          work_items         | UPDATE plinth_tasks.work_items SET deleted_at = '%s'
          chat_channels      | UPDATE plinth_tasks.chat_channels SET archived_at = '%s'
          chat_conversations | UPDATE plinth_tasks.chat_conversations SET last_sequence = last_sequence + 1, last_message_at = '%s'
          chat_messages      | UPDATE plinth_tasks.chat_messages SET deleted_at = '%s'
          """)
  void aTimeThatNeverComesIsRefused(String table, String sql) {
    for (String never : NEVER) {
      assertRefused(
          table + "_times_are_finite_ck", tx -> tx.dsl().execute(String.format(sql, never)));
    }
  }

  /** Where the application names no time, it can still say what time it is. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          workflow_runs          | INSERT INTO plinth_tasks.workflow_runs (organization_id, name, failure_policy) VALUES (plinth_base.current_organization_id(), 'run', 'stop')
          work_item_parents      | SELECT plinth_tasks.place_work_item(w.id, s.id) FROM plinth_tasks.work_items w, plinth_tasks.work_items s WHERE w.title = 'Painted' AND s.kind = 'story'
          work_item_dependencies | SELECT plinth_tasks.add_work_item_dependency(w.id, s.id) FROM plinth_tasks.work_items w, plinth_tasks.work_items s WHERE w.title = 'Painted' AND s.kind = 'story'
          chat_channel_members   | INSERT INTO plinth_tasks.chat_channel_members (organization_id, channel_id) SELECT organization_id, id FROM plinth_tasks.chat_channels
          chat_reads             | UPDATE plinth_tasks.chat_reads SET last_read_sequence = last_read_sequence + 1
          triage_items           | UPDATE plinth_tasks.triage_items SET category = 'bug'
          """)
  void aRowOfAnotherTimeIsRefused(String table, String sql) {
    for (String never : NEVER) {
      assertRefused(
          table + "_times_are_finite_ck",
          tx -> {
            tx.dsl().fetch("SELECT set_config('plinth.now', ?, true)", never);
            tx.dsl().execute(sql);
          });
    }
  }

  /** What no statement above reaches, triggers and functions write. */
  @Test
  void everyTimeIsHeldToBeFinite(TestDatabase database) throws SQLException {
    List<String> free = new ArrayList<>();
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT c.relname || '.' || a.attname
                FROM pg_class c
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.atttypid = 'timestamptz'::regtype
                LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.conname = c.relname || '_times_are_finite_ck'
                WHERE c.relnamespace = 'plinth_tasks'::regnamespace AND c.relkind = 'r'
                  AND NOT c.relispartition AND c.relname <> 'migration_history'
                  AND (k.oid IS NULL OR NOT a.attnum = ANY (k.conkey))
                """)) {
      while (rows.next()) {
        free.add(rows.getString(1));
      }
    }

    assertThat(free).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          task_definitions | UPDATE plinth_tasks.task_definitions SET input_schema = jsonb_build_object('a', repeat('x', 200000))
          task_definitions | UPDATE plinth_tasks.task_definitions SET default_input = jsonb_build_object('a', repeat('x', 2000000))
          task_definitions | UPDATE plinth_tasks.task_definitions SET resource_requirements = jsonb_build_object('a', repeat('x', 100000))
          task_definitions | UPDATE plinth_tasks.task_definitions SET metadata = jsonb_build_object('a', repeat('x', 100000))
          task_schedules   | UPDATE plinth_tasks.task_schedules SET input = jsonb_build_object('a', repeat('x', 2000000))
          task_schedules   | UPDATE plinth_tasks.task_schedules SET metadata = jsonb_build_object('a', repeat('x', 100000))
          workflows        | UPDATE plinth_tasks.workflows SET graph = jsonb_set(graph, '{a}', to_jsonb(repeat('x', 50000000)))
          workflow_runs    | INSERT INTO plinth_tasks.workflow_runs (organization_id, name, failure_policy, input) VALUES (plinth_base.current_organization_id(), 'run', 'stop', jsonb_build_object('a', repeat('x', 2000000)))
          workflow_runs    | INSERT INTO plinth_tasks.workflow_runs (organization_id, name, failure_policy, compensations) VALUES (plinth_base.current_organization_id(), 'run', 'stop', jsonb_build_object('a', repeat('x', 10000000)))
          work_items       | UPDATE plinth_tasks.work_items SET metadata = jsonb_build_object('a', repeat('x', 100000))
          """)
  void aDocumentThatIsTooLargeIsRefused(String table, String sql) {
    assertRefused(table + "_size_ck", tx -> tx.dsl().execute(sql));
  }

  /** Of tasks the domains of their columns say so. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          moment_ck        | deadline = 'infinity'
          moment_ck        | scheduled_at = '4714-12-31 00:00:00+00 BC'
          moment_ck        | cancel_requested_at = '-infinity'
          moment_ck        | unhandled_at = 'infinity'
          moment_ck        | idempotency_key = 'k', idempotency_until = 'infinity'
          task_document_ck | input = jsonb_build_object('a', repeat('x', 2000000))
          task_document_ck | output = to_jsonb(repeat('x', 2000000))
          queue_name_ck    | queue = 'no:queue'
          task_status_ck   | status = 'lost'
          task_label_ck    | node = repeat('x', 201)
          task_label_ck    | concurrency_key = ' '
          task_message_ck  | progress_message = repeat('x', 2001)
          task_count_ck    | unmet_dependencies = -1
          """)
  void aTaskThatNoServiceWouldWriteIsRefused(String constraint, String change) {
    assertRefused(constraint, tx -> tx.dsl().execute("UPDATE plinth_tasks.tasks SET " + change));
  }

  private void assertRefused(String constraint, Consumer<TenantTx> work) {
    assertThatThrownBy(() -> plinth.as(alice).run(work::accept))
        .asInstanceOf(InstanceOfAssertFactories.throwable(ConstraintViolationException.class))
        .satisfies(e -> assertThat(e.constraint()).isEqualTo(constraint))
        .rootCause()
        .asInstanceOf(InstanceOfAssertFactories.type(SQLException.class))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("23514"));
  }
}
