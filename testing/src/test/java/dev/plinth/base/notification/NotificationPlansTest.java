package dev.plinth.base.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As plinth_app sees them, on a filled table. */
@PlinthTest
class NotificationPlansTest {

  private static final String OWN =
      " FROM plinth_base.notifications WHERE organization_id = ? AND user_id = ? ";

  @BeforeEach
  void fill(Plinth plinth, TestDatabase database, Organization acme, Member alice, Member bob)
      throws SQLException {
    String told =
        "SELECT plinth_base.notify_user(u, 'news', 'News ' || i)"
            + " FROM generate_series(1, 3000) i, unnest(ARRAY[?, ?]::uuid[]) u";
    plinth.as(alice).run(tx -> tx.dsl().fetch(told, alice.userId(), bob.userId()));
    String read =
        "UPDATE plinth_base.notifications SET read_at = now() WHERE right(title, 1) <> '7'";
    plinth.as(alice).run(tx -> tx.dsl().execute(read));
    plinth.as(bob).run(tx -> tx.dsl().execute(read));
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ANALYZE plinth_base.notifications");
    }
  }

  @Test
  void aPageComesFromTheIndexInOrder(Plinth plinth, Organization acme, Member alice) {
    String plan =
        plan(
            plinth,
            alice,
            "SELECT *"
                + OWN
                + "AND ((read_at IS NULL), id) < (true, plinth_base.uuidv7())"
                + " ORDER BY (read_at IS NULL) DESC, id DESC LIMIT 51");

    assertThat(plan).contains("notifications_user_ix").doesNotContain("Sort");
  }

  @Test
  void theUnreadAreCountedByTheIndex(Plinth plinth, Organization acme, Member alice) {
    String plan = plan(plinth, alice, "SELECT count(*)" + OWN + "AND read_at IS NULL");

    assertThat(plan).contains("notifications_user_ix").doesNotContain("Seq Scan");
  }

  private static String plan(Plinth plinth, Member as, String sql) {
    return plinth
        .as(as)
        .read(
            tx ->
                tx.dsl()
                    .fetch("EXPLAIN " + sql, as.organizationId(), as.userId())
                    .getValues(0, String.class))
        .toString();
  }
}
