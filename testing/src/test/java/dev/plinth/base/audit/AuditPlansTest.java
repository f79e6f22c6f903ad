package dev.plinth.base.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As plinth_app sees them, on a filled table of several partitions. */
@PlinthTest
class AuditPlansTest {

  private static final String FILL =
      """
      INSERT INTO plinth_base.audit_log (organization_id, id, occurred_at, actor_kind, user_id, actor,
        subject_type, subject_id, action, transaction_id)
      SELECT organization, id, plinth_base.time_of_id(id), CASE mod(i, 2) WHEN 0 THEN 'user' ELSE 'service' END,
        CASE mod(i, 2) WHEN 0 THEN member END, CASE mod(i, 2) WHEN 1 THEN 'service-' || mod(i, 50) END,
        'module.table_' || mod(i, 20), gen_random_uuid(), 'insert', i
      FROM (VALUES ('%s'::uuid, '%s'::uuid), ('%s', '%s')) AS tenants (organization, member),
        generate_series(1, 20000) AS i,
        LATERAL (SELECT (left(plinth_base.first_id_at(now() + i * interval '3 minutes')::text, 24)
                         || right(gen_random_uuid()::text, 12))::uuid AS id) AS ids
      """;

  @BeforeEach
  void fill(TestDatabase database, Organization acme, Member alice, Organization globex, Member bob)
      throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          FILL.formatted(
              alice.organizationId(), alice.userId(), bob.organizationId(), bob.userId()));
      statement.execute("ANALYZE plinth_base.audit_log");
    }
  }

  @Test
  void aPageOfARowComesFromTheIndex(
      Plinth plinth, SettableClock clock, Organization acme, Member alice) {
    assertThat(plan(plinth, alice, "subject_id = '%s'".formatted(acme.id())))
        .contains("subject_id_id_idx")
        .doesNotContain("Seq Scan on audit_log_p" + month(clock));
  }

  @Test
  void aPageOfATableComesFromTheIndexInOrder(
      Plinth plinth, SettableClock clock, Organization acme, Member alice) {
    assertThat(plan(plinth, alice, "subject_type = 'module.table_3'"))
        .contains("Merge Append")
        .contains("Index Scan Backward using audit_log_p" + month(clock))
        .contains("subject_type_id_idx");
  }

  @Test
  void aPageOfAServiceComesFromTheIndexInOrder(
      Plinth plinth, SettableClock clock, Organization acme, Member alice) {
    assertThat(plan(plinth, alice, "actor = 'service-7'"))
        .contains("actor_id_idx")
        .doesNotContain("Seq Scan on audit_log_p" + month(clock));
  }

  @Test
  void aTimeRangeReadsItsPartitionsOnly(Plinth plinth, Organization acme, Member alice) {
    UUID end = alice.userId();
    UUID start = new UUID(end.getMostSignificantBits() - 1, 0);

    assertThat(plan(plinth, alice, "id >= '%s' AND id < '%s'".formatted(start, end)))
        .contains("audit_log_p")
        .doesNotContain("Append")
        .doesNotContain("Seq Scan");
  }

  private static String month(SettableClock clock) {
    return YearMonth.from(clock.instant().atZone(ZoneOffset.UTC)).toString().replace("-", "");
  }

  private static String plan(Plinth plinth, Member as, String condition) {
    String sql =
        "EXPLAIN SELECT * FROM plinth_base.audit_log WHERE organization_id = ? AND %s ORDER BY id DESC LIMIT 51"
            .formatted(condition);
    return plinth
        .as(as)
        .read(
            tx ->
                String.join(
                    "\n", tx.dsl().fetch(sql, as.organizationId()).getValues(0, String.class)));
  }
}
