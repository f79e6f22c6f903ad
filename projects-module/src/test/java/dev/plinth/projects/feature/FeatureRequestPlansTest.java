package dev.plinth.projects.feature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Projects;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The lists of the service as plinth_app runs them, among 30,000 feature requests: how many entries
 * of which index were read, which is what a page costs.
 */
@PlinthTest(ProjectsModule.class)
class FeatureRequestPlansTest {

  private static final int ROWS = 30_000;
  private static final FeatureRequestFilter ALL = FeatureRequestFilter.all();

  /** What this transaction read of the tables of feature requests. */
  private static final String READ =
      """
      SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::bigint FROM pg_stat_xact_user_tables
      WHERE schemaname = 'plinth_projects' AND relname LIKE 'feature_request%'
      """;

  private Plinth plinth;
  private FeatureRequests requests;
  private Member alice;
  private UUID project;

  @BeforeEach
  void fill(
      Plinth plinth,
      TestDatabase database,
      Projects projects,
      FeatureRequests requests,
      Organization acme,
      Member alice,
      Member bob)
      throws SQLException {
    this.plinth = plinth;
    this.requests = requests;
    this.alice = alice;
    this.project =
        plinth.as(alice).call(tx -> projects.create(tx, NewProject.named("Apollo"))).id();
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO plinth_projects.feature_requests
            (organization_id, project_id, title, priority, requester_id, assignee_id, deadline)
          SELECT '%1$s', '%2$s', CASE WHEN i %% 1000 = 7 THEN 'rare ' ELSE '' END || 'wish ' || left(md5(i::text), 3),
                 i %% 4 + 1, '%3$s', CASE WHEN i %% 300 = 0 THEN '%4$s'::uuid END,
                 CASE WHEN i %% 300 = 1 THEN date '2020-01-01' END
          FROM generate_series(1, %5$d) i
          """
              .formatted(acme.id(), project, alice.userId(), bob.userId(), ROWS));
      statement.execute(
          "UPDATE plinth_projects.feature_request_tallies SET vote_weight = abs(hashtext(feature_request_id::text)) % 1000");
      statement.execute("VACUUM ANALYZE plinth_projects.feature_requests");
      statement.execute("VACUUM ANALYZE plinth_projects.feature_request_tallies");
    }
  }

  @Test
  void aPageCostsWhatAPageHolds(Organization acme, Member alice, Member bob) {
    for (FeatureRequestOrder order : FeatureRequestOrder.values()) {
      assertThat(cost((tx, page) -> requests.list(tx, ALL, order, page)))
          .as(order.name())
          .isLessThan(2_000);
      assertThat(cost((tx, page) -> requests.list(tx, ALL.project(project), order, page)))
          .as(order + " of a project")
          .isLessThan(2_000);
    }
    assertThat(
            cost(
                (tx, page) ->
                    requests.list(
                        tx, ALL.assignedTo(bob.userId()), FeatureRequestOrder.NEWEST, page)))
        .isLessThan(2_000);
    assertThat(
            cost(
                (tx, page) ->
                    requests.list(tx, ALL.onlyOverdue(), FeatureRequestOrder.NEWEST, page)))
        .isLessThan(2_000);
    assertThat(cost((tx, page) -> requests.search(tx, "rare", ALL, page))).isLessThan(2_000);
    assertThat(cost((tx, page) -> requests.similar(tx, "rare", ALL, page))).isLessThan(5_000);
  }

  /** Of the second page, which begins inside the list. */
  private long cost(BiFunction<TenantTx, PageRequest, Page<FeatureRequest>> list) {
    Page<FeatureRequest> first = plinth.as(alice).read(tx -> list.apply(tx, PageRequest.first(5)));
    PageRequest next = PageRequest.after(first.next().orElseThrow(), 50);
    return plinth
        .as(alice)
        .read(
            tx -> {
              long before = tx.dsl().fetchSingle(READ).get(0, Long.class);
              assertThat(list.apply(tx, next).items()).isNotEmpty();
              return tx.dsl().fetchSingle(READ).get(0, Long.class) - before;
            });
  }
}
