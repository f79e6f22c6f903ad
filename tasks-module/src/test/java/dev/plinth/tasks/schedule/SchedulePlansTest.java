package dev.plinth.tasks.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What workers ask for again and again costs the same, however many schedules there are. */
@PlinthTest(TasksModule.class)
class SchedulePlansTest {

  private static final String FILL =
      """
      INSERT INTO plinth_tasks.task_schedules
        (organization_id, name, definition, cron, time_zone, counted_from, next_run_at)
      SELECT ?, 's' || n, 'scan', '0 * * * *', 'UTC', now(), now() + n * interval '1 minute'
      FROM generate_series(1, 20000) AS n
      """;

  @Test
  void whatIsDueIsFoundAlongItsIndex(
      Plinth plinth, TestDatabase database, Organization acme, Member alice) throws SQLException {
    plinth.as(alice).run(tx -> tx.dsl().execute(FILL, tx.organizationId()));
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("VACUUM ANALYZE plinth_tasks.task_schedules");
    }

    String plan =
        plinth
            .asSystem("test")
            .read(tx -> tx.dsl().explain(new DueScheduleQueries().due(tx, 100)).plan());

    assertThat(plan)
        .contains("task_schedules_due_discovery_ix")
        .doesNotContain("Seq Scan on task_schedules");
  }
}
