package dev.plinth.tasks.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What lists and the job read of a filled board. */
@PlinthTest(TasksModule.class)
class WorkItemPlansTest {

  private static final int ROWS = 20_000;
  private static final WorkItemFilter ALL = WorkItemFilter.all();

  private static final String READ =
      """
      SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::bigint FROM pg_stat_xact_user_tables
      WHERE schemaname = 'plinth_tasks' AND relname LIKE 'work_item%'
      """;

  private Plinth plinth;
  private WorkItems items;
  private Member alice;
  private Member bob;
  private UUID project;
  private UUID epic;

  @BeforeEach
  void fill(
      Plinth plinth,
      TestDatabase database,
      WorkItems items,
      Organization acme,
      Member alice,
      Member bob)
      throws SQLException {
    this.plinth = plinth;
    this.items = items;
    this.alice = alice;
    this.bob = bob;
    this.project = UUID.randomUUID();
    this.epic = plinth.as(alice).call(tx -> items.create(tx, NewWorkItem.epic("Epic"))).id();
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO plinth_tasks.work_items
            (organization_id, title, creator_id, assigned_role, assignee_id, project_id, end_at)
          SELECT '%1$s', 'Item ' || i, '%2$s', CASE WHEN i %% 2 = 0 THEN 'designer' END,
                 CASE WHEN i %% 200 = 1 THEN '%3$s'::uuid END, CASE WHEN i %% 100 = 2 THEN '%4$s'::uuid END,
                 CASE WHEN i %% 200 = 0 THEN now() - interval '1 day' ELSE now() + interval '1 day' END
          FROM generate_series(1, %5$d) i
          """
              .formatted(acme.id(), alice.userId(), bob.userId(), project, ROWS));
      statement.execute(
          """
          INSERT INTO plinth_tasks.work_item_parents
            (organization_id, work_item_id, kind, audience, parent_id, parent_kind, parent_audience)
          SELECT w.organization_id, w.id, w.kind, w.audience, e.id, e.kind, e.audience
          FROM plinth_tasks.work_items w JOIN plinth_tasks.work_items e ON e.id = '%s'
          WHERE w.kind = 'task' AND w.organization_id = e.organization_id AND w.title LIKE '%%00'
          """
              .formatted(epic));
      statement.execute("VACUUM ANALYZE plinth_tasks.work_items");
      statement.execute("VACUUM ANALYZE plinth_tasks.work_item_parents");
      statement.execute("VACUUM ANALYZE plinth_tasks.work_item_transitions");
    }
  }

  @Test
  void aPageCostsWhatAPageHolds() {
    for (Member member : new Member[] {alice, bob}) {
      assertThat(cost(member, (tx, page) -> items.list(tx, ALL, page))).isLessThan(1_000);
      assertThat(cost(member, (tx, page) -> items.list(tx, ALL.status(WorkItemStatus.TODO), page)))
          .isLessThan(1_000);
      assertThat(cost(member, (tx, page) -> items.list(tx, ALL.assignedTo(bob.userId()), page)))
          .isLessThan(1_000);
    }
    assertThat(cost(alice, (tx, page) -> items.list(tx, ALL.project(project), page)))
        .isLessThan(1_000);
    assertThat(cost(alice, (tx, page) -> items.list(tx, ALL.onlyDelayed(), page)))
        .isLessThan(1_000);
    assertThat(cost(alice, (tx, page) -> items.children(tx, epic, page))).isLessThan(2_000);
    UUID any =
        plinth.as(alice).read(tx -> items.list(tx, ALL, PageRequest.first(2))).items().get(1).id();
    assertThat(read(alice, tx -> items.get(tx, any))).isLessThan(10);
  }

  @Test
  void theJobReadsWhatIsLateAndNoMore() {
    plinth.jobs().runNow("tasks.work-item-delays");

    String marked = "SELECT count(*) FROM plinth_tasks.work_items WHERE delayed_at IS NOT NULL";
    int found = plinth.as(alice).read(tx -> tx.dsl().fetchSingle(marked).get(0, Integer.class));
    assertThat(found).isEqualTo(ROWS / 200);
    String mark = "SELECT count(*) FROM plinth_tasks.mark_delayed_work_items(100)";
    long read =
        plinth
            .asService(alice.organizationId(), "test")
            .call(
                tx -> {
                  long before = tx.dsl().fetchSingle(READ).get(0, Long.class);
                  tx.dsl().fetch(mark);
                  return tx.dsl().fetchSingle(READ).get(0, Long.class) - before;
                });
    assertThat(read).isLessThan(500);
  }

  private interface Question {
    Object ask(TenantTx tx);
  }

  private long read(Member member, Question question) {
    return plinth
        .as(member)
        .read(
            tx -> {
              long before = tx.dsl().fetchSingle(READ).get(0, Long.class);
              assertThat(question.ask(tx)).isNotNull();
              return tx.dsl().fetchSingle(READ).get(0, Long.class) - before;
            });
  }

  /** Of the second page, which begins inside the list. */
  private long cost(Member member, BiFunction<TenantTx, PageRequest, Page<WorkItem>> list) {
    Page<WorkItem> first = plinth.as(member).read(tx -> list.apply(tx, PageRequest.first(5)));
    PageRequest next = PageRequest.after(first.next().orElseThrow(), 50);
    return read(member, tx -> list.apply(tx, next));
  }
}
