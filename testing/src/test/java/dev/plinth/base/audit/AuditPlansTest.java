package dev.plinth.base.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * As plinth_app sees them, on a table of several partitions of which two are filled, from the 10th
 * of May 2031 to the 20th of June.
 */
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
        LATERAL (SELECT (left(plinth_base.first_id_at('2031-05-10T00:00:00Z'::timestamptz + i * interval '3 minutes')::text, 24)
                         || right(gen_random_uuid()::text, 12))::uuid AS id) AS ids
      """;

  private static final String FILLED = "audit_log_p203105";

  @BeforeAll
  static void fill(
      TestDatabase database, Organization acme, Member alice, Organization globex, Member bob)
      throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET plinth.now = '2031-05-10T00:00:00Z'");
      statement.execute("SELECT plinth_base.ensure_partitions()");
      statement.execute(
          FILL.formatted(
              alice.organizationId(), alice.userId(), bob.organizationId(), bob.userId()));
      statement.execute("ANALYZE plinth_base.audit_log");
    }
  }

  @Test
  void aPageOfARowComesFromTheIndex(Plinth plinth, Organization acme, Member alice) {
    assertThat(plan(plinth, alice, "subject_id = '%s'".formatted(acme.id())))
        .contains("subject_id_id_idx")
        .doesNotContain("Seq Scan on " + FILLED);
  }

  @Test
  void aPageOfATableComesFromTheIndexInOrder(Plinth plinth, Organization acme, Member alice) {
    assertThat(plan(plinth, alice, "subject_type = 'module.table_3'"))
        .contains("Merge Append")
        .contains("Index Scan Backward using " + FILLED)
        .contains("subject_type_id_idx");
  }

  @Test
  void aPageOfAServiceComesFromTheIndexInOrder(Plinth plinth, Organization acme, Member alice) {
    assertThat(plan(plinth, alice, "actor = 'service-7'"))
        .contains("actor_id_idx")
        .doesNotContain("Seq Scan on " + FILLED);
  }

  @Test
  void aTimeRangeReadsItsPartitionsOnly(Plinth plinth, Organization acme, Member alice) {
    UUID start = firstIdAt("2031-05-15T00:00:00Z");
    UUID end = firstIdAt("2031-05-16T00:00:00Z");

    assertThat(plan(plinth, alice, "id >= '%s' AND id < '%s'".formatted(start, end)))
        .contains(FILLED)
        .doesNotContain("Append")
        .doesNotContain("Seq Scan");
  }

  private static UUID firstIdAt(String time) {
    return new UUID(Instant.parse(time).toEpochMilli() << 16, 0);
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
