package dev.plinth.tasks.triage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.tenancy.TxAction;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What triage costs as plinth_app among a million items of one organization. One method, because a
 * million rows are made for it.
 */
@PlinthTest(TasksModule.class)
class TriagePlansTest {

  private static final int ROWS = 1_000_000;
  private static final TriageFilter ALL = TriageFilter.all();
  private static final PageRequest PAGE = PageRequest.first(50);

  /** The number of a row, of which no other has the trigrams. */
  private static final int WANTED = 4711;

  private static final String READ =
      """
      SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::bigint FROM pg_stat_xact_user_tables
      WHERE schemaname = 'plinth_tasks' AND relname = 'triage_items'
      """;

  @Test
  void aMillionItemsCostNoMoreThanAPage(
      Plinth plinth,
      TestDatabase database,
      TriageItems items,
      Organization acme,
      Member alice,
      Member bob)
      throws SQLException {
    fill(database, alice);

    assertThat(cost(plinth, bob, tx -> items.list(tx, ALL, PAGE))).isLessThan(100);
    assertThat(cost(plinth, bob, tx -> items.list(tx, ALL.status(TriageStatus.IN_REVIEW), PAGE)))
        .isLessThan(100);
    assertThat(cost(plinth, bob, tx -> items.list(tx, ALL.assignedTo(alice.userId()), PAGE)))
        .isLessThan(100);
    String cursor = plinth.as(bob).read(tx -> items.list(tx, ALL, PAGE)).next().orElseThrow();
    assertThat(cost(plinth, bob, tx -> items.list(tx, ALL, PageRequest.after(cursor, 50))))
        .isLessThan(200);
    String title = plinth.as(bob).read(tx -> title(tx));
    assertThat(cost(plinth, bob, tx -> items.similar(tx, title, ALL, PAGE))).isLessThan(20_000);
    assertThat(plan(database, bob, title))
        .contains("Bitmap Index Scan on triage_items_title_similarity_ix")
        .containsPattern("Index Cond: \\(\\(organization_id = .* AND \\(title ")
        .doesNotContain("Seq Scan");
  }

  /** The similarity index is made on what is there: so it takes seconds. */
  private static void fill(TestDatabase database, Member alice) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET maintenance_work_mem = '512MB'");
      statement.execute("SET session_replication_role = replica");
      statement.execute(
          "CREATE TEMP TABLE made AS SELECT indexdef FROM pg_indexes"
              + " WHERE tablename = 'triage_items' AND indexdef NOT LIKE '%UNIQUE%'");
      statement.execute(
          "DO $$ DECLARE i text; BEGIN FOR i IN SELECT indexname FROM pg_indexes WHERE tablename = 'triage_items'"
              + " AND indexdef NOT LIKE '%UNIQUE%' LOOP EXECUTE 'DROP INDEX plinth_tasks.' || i; END LOOP; END $$");
      statement.execute(
          """
          INSERT INTO plinth_tasks.triage_items (organization_id, title, status, reporter_id, assignee_id, priority)
          SELECT '%1$s', 'report ' || md5(i::text), CASE WHEN i %% 100 = 0 THEN 'in_review' ELSE 'pending' END, '%2$s',
                 CASE WHEN i %% 1000 = 0 THEN '%2$s'::uuid END, i %% 4 + 1
          FROM generate_series(1, %3$d) i
          """
              .formatted(alice.organizationId(), alice.userId(), ROWS));
      statement.execute(
          "DO $$ DECLARE d text; BEGIN FOR d IN SELECT indexdef FROM made LOOP EXECUTE d; END LOOP; END $$");
      statement.execute("VACUUM ANALYZE plinth_tasks.triage_items");
    }
  }

  private static String title(TenantTx tx) {
    return tx.dsl().fetchSingle("SELECT md5('" + WANTED + "')").get(0, String.class);
  }

  private static long cost(Plinth plinth, Member who, TxAction<TenantTx, RuntimeException> call) {
    return plinth
        .as(who)
        .read(
            tx -> {
              long before = tx.dsl().fetchSingle(READ).get(0, Long.class);
              call.accept(tx);
              return tx.dsl().fetchSingle(READ).get(0, Long.class) - before;
            });
  }

  /** Of the statement inside the function, which auto_explain tells. */
  private static String plan(TestDatabase database, Member who, String title) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          LOAD 'auto_explain';
          SET auto_explain.log_min_duration = 0;
          SET auto_explain.log_nested_statements = on;
          BEGIN;
          SELECT plinth_base.begin_tenant('%s', '%s', NULL, true, NULL)
          """
              .formatted(who.organizationId(), who.userId()));
      statement.execute("SET LOCAL client_min_messages = log");
      statement.clearWarnings();
      statement.execute(
          "SELECT count(*) FROM plinth_tasks.similar_triage_items('%s', NULL, NULL, 50)"
              .formatted(title));
      return inner(statement.getWarnings());
    }
  }

  private static String inner(@Nullable SQLWarning first) {
    for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
      String message = String.valueOf(warning.getMessage());
      if (message.contains("on triage_items t")) {
        return message;
      }
    }
    throw new AssertionError("auto_explain told nothing of the statement inside");
  }
}
