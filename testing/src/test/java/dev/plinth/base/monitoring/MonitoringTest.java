package dev.plinth.base.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.invitation.NewInvitation;
import dev.plinth.base.job.JobFailedException;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.sql.Severity;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real damage of each kind is seen, and nothing is seen where there is none. */
class MonitoringTest {

  private TestDatabase database;
  private Plinth plinth;
  private Organization acme;
  private User alice;

  @BeforeEach
  void anOrganizationWithAnOwner() {
    database = TestServer.shared().migrated(List.of());
    plinth = Plinth.builder().dataSource(database.host()).build();
    NewUser named = NewUser.named("Alice").email("alice@example.org");
    alice = plinth.asSystem("test").call(tx -> plinth.users().create(tx, named));
    NewOrganization details = NewOrganization.of("acme", "Acme").ownedBy(alice.id());
    acme = plinth.asSystem("test").call(tx -> plinth.organizations().create(tx, details));
  }

  @AfterEach
  void dropIt() {
    database.close();
  }

  @Test
  void whereNothingIsWrongNothingIsFound() {
    List<IntegrityCheck> checks = plinth.asSystem("test").read(plinth.monitoring()::integrity);
    List<QualityMetric> metrics = plinth.asSystem("test").read(plinth.monitoring()::quality);
    List<Alert> alerts = plinth.asSystem("test").read(plinth.monitoring()::alerts);

    assertThat(checks).isNotEmpty().allMatch(check -> check.status() == CheckStatus.PASS);
    assertThat(metrics).isNotEmpty().allMatch(metric -> metric.issueCount() == 0);
    assertThat(metric("members are active users").rowsChecked()).isEqualTo(1);
    assertThat(alerts).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          organizations have an owner    | HIGH     | 1 | UPDATE plinth_base.organization_members SET left_at = now()
          constraints are validated      | LOW      | 1 | ALTER TABLE plinth_base.users ADD CONSTRAINT users_x_ck CHECK (username <> 'x') NOT VALID
          rows keep users_x_ck           | HIGH     | 1 | ALTER TABLE plinth_base.users ADD CONSTRAINT users_x_ck CHECK (username <> 'Alice') NOT VALID
          rows keep members_lost_fk      | HIGH     | 1 | INSERT INTO plinth_base.organization_members (organization_id, user_id, role, display_name) SELECT gen_random_uuid(), user_id, 'viewer', 'Eve' FROM plinth_base.organization_members; ALTER TABLE plinth_base.organization_members ADD CONSTRAINT members_lost_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id) NOT VALID
          indexes are valid              | MEDIUM   | 1 | UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'plinth_base.notifications_user_ix'::regclass
          tenants are kept apart         | CRITICAL | 1 | ALTER TABLE plinth_base.workspaces NO FORCE ROW LEVEL SECURITY
          tenants are kept apart         | CRITICAL | 1 | ALTER TABLE plinth_base.users DISABLE ROW LEVEL SECURITY
          tenants are let in             | CRITICAL | 1 | DROP POLICY workspaces_select_tenant ON plinth_base.workspaces; DROP POLICY workspaces_insert_tenant ON plinth_base.workspaces; DROP POLICY workspaces_update_tenant ON plinth_base.workspaces
          tenants are let in             | CRITICAL | 1 | REVOKE SELECT ON plinth_base.workspaces FROM plinth_app
          triggers are enabled           | HIGH     | 1 | ALTER TABLE plinth_base.organization_members DISABLE TRIGGER organization_members_guard
          """)
  void damageIsFoundAndTheStatementThatIsGivenRuns(
      String check, Severity severity, long count, String damage) throws SQLException {
    superuser("SET session_replication_role = replica; " + damage);

    IntegrityCheck found = check(check);

    assertThat(found.status()).isEqualTo(CheckStatus.FAIL);
    assertThat(found.severity()).isEqualTo(severity);
    assertThat(found.issueCount()).hasValue(count);
    assertThat(alerts().contains(check)).isEqualTo(severity.compareTo(Severity.HIGH) >= 0);
    superuser(found.statement().orElseThrow());
  }

  @Test
  void aConstraintThatHoldsButWasNotValidatedIsNotCalledBroken() throws SQLException {
    superuser(
        "ALTER TABLE plinth_base.users ADD CONSTRAINT users_x_ck CHECK (username <> 'x') NOT VALID");

    assertThat(check("rows keep users_x_ck").status()).isEqualTo(CheckStatus.PASS);
    assertThat(check("rows keep users_x_ck").detail()).contains("of all rows");
  }

  @Test
  void whereOnlyASampleWasLookedAtAndHoldsTheRestIsUnknown() throws SQLException {
    superuser(
        "INSERT INTO plinth_base.notifications (organization_id, user_id, type, title)"
            + " SELECT organization_id, user_id, 'news', repeat('x', 200)"
            + " FROM plinth_base.organization_members, generate_series(1, 30000);"
            + " ALTER TABLE plinth_base.notifications"
            + " ADD CONSTRAINT notifications_x_ck CHECK (type <> 'x') NOT VALID");

    IntegrityCheck found = check("rows keep notifications_x_ck");

    assertThat(found.status()).isEqualTo(CheckStatus.UNKNOWN);
    assertThat(found.detail()).contains("none in a sample of");
    assertThat(metric("notifications are read within 30 days").rowsChecked())
        .isBetween(1_000L, 29_000L);
  }

  @Test
  void whatPlinthMayNotReadIsUnknown() throws SQLException {
    superuser(
        "ALTER TABLE plinth_base.users ADD CONSTRAINT users_x_ck CHECK (username <> 'x') NOT VALID;"
            + " CREATE TABLE plinth_base.hidden (x int);"
            + " ALTER TABLE plinth_base.hidden ADD CONSTRAINT hidden_x_ck CHECK (x > 0) NOT VALID");

    IntegrityCheck found = check("rows keep hidden_x_ck");

    assertThat(found.status()).isEqualTo(CheckStatus.UNKNOWN);
    assertThat(found.issueCount()).isEmpty();
    assertThat(found.detail()).contains("may not read");
  }

  @Test
  void theStatementThatIsRecommendedValidatesForReal() throws SQLException {
    superuser(
        "ALTER TABLE plinth_base.users ADD CONSTRAINT users_x_ck CHECK (username <> 'Alice') NOT VALID");
    String validate = recommended("validate");

    assertThatThrownBy(() -> as(database.owner(), validate)).hasMessageContaining("users_x_ck");
    superuser("UPDATE plinth_base.users SET username = 'Alicia'");
    as(database.owner(), validate);

    assertThat(check("constraints are validated").status()).isEqualTo(CheckStatus.PASS);
    assertThat(check("tenants are kept apart").status()).isEqualTo(CheckStatus.PASS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          members are active users                | UPDATE plinth_base.users SET is_active = false
          active users have an e-mail address     | UPDATE plinth_base.users SET email = NULL
          open invitations are not expired        | UPDATE plinth_base.invitations SET expires_at = now() - interval '1 hour', created_at = now() - interval '1 day'
          notifications are read within 30 days   | INSERT INTO plinth_base.notifications (organization_id, user_id, type, title, created_at) SELECT organization_id, user_id, 'news', 'News', now() - interval '31 days' FROM plinth_base.organization_members
          """)
  void dataThatIsNotAsItShouldBeIsCounted(String metric, String damage) throws SQLException {
    NewInvitation invitation = NewInvitation.of("eve@example.org", MemberRole.TESTER);
    plinth.as(acme.id(), alice.id()).run(tx -> plinth.invitations().invite(tx, invitation));
    assertThat(metric(metric).issueCount()).isZero();

    superuser(damage);

    assertThat(metric(metric).issueCount()).isEqualTo(1);
    assertThat(metric(metric).rowsChecked()).isEqualTo(1);
    assertThat(metric(metric).percent()).hasValueSatisfying(p -> assertThat(p).isZero());
  }

  @Test
  void aJobThatFailsIsSeenWithItsReason() throws SQLException {
    assertThat(health("background jobs").status()).isEqualTo(HealthStatus.UNKNOWN);
    plinth.jobs().runNow("base.partition-maintenance");
    assertThat(health("job base.partition-maintenance").status()).isEqualTo(HealthStatus.HEALTHY);

    superuser("REVOKE EXECUTE ON FUNCTION plinth_base.ensure_partitions() FROM plinth_system");
    for (HealthStatus expected :
        List.of(HealthStatus.WARNING, HealthStatus.WARNING, HealthStatus.CRITICAL)) {
      assertThatThrownBy(() -> plinth.jobs().runNow("base.partition-maintenance"))
          .isInstanceOf(JobFailedException.class);
      assertThat(health("job base.partition-maintenance").status()).isEqualTo(expected);
    }

    assertThat(health("job base.partition-maintenance").detail()).contains("AccessDenied");
    assertThat(alerts()).contains("job base.partition-maintenance");
  }

  @Test
  void aJobThatNoHostRunsIsSeen() throws SQLException {
    plinth.jobs().runNow("base.partition-maintenance");
    superuser("UPDATE plinth_base.jobs SET next_run_at = now() - interval '2 hours'");

    Health late = health("job base.partition-maintenance");

    assertThat(late.status()).isEqualTo(HealthStatus.WARNING);
    assertThat(late.detail()).contains("is any host started?");
  }

  @Test
  void aJobThatNoHostHasAnyMoreIsNotMistakenForOneThatFails() throws SQLException {
    plinth.jobs().runNow("base.partition-maintenance");
    superuser(
        "INSERT INTO plinth_base.jobs (name, next_run_at) VALUES ('gone.job', now() - interval '8 days')");

    assertThat(health("job gone.job").status()).isEqualTo(HealthStatus.UNKNOWN);
    assertThat(health("job gone.job").statement())
        .hasValueSatisfying(s -> assertThat(s).startsWith("DELETE"));
    assertThat(health("job base.partition-maintenance").status()).isEqualTo(HealthStatus.HEALTHY);
  }

  /** It is due for as long as it fails, so not being run is no excuse. */
  @ParameterizedTest
  @CsvSource({"500, CRITICAL", "1, WARNING", "0, WARNING"})
  void aJobWhoseHostDiesEveryTimeIsNotHidden(int failures, HealthStatus expected)
      throws SQLException {
    plinth.jobs().runNow("base.partition-maintenance");
    superuser(
        "INSERT INTO plinth_base.jobs (name, next_run_at, last_started_at, runs, failures, consecutive_failures)"
            + " VALUES ('dying.job', now() - interval '8 days', now() - interval '1 minute', 501, %1$d, %1$d)"
                .formatted(failures));

    assertThat(health("job dying.job").status()).isEqualTo(expected);
    assertThat(health("job dying.job").statement()).isEmpty();
    assertThat(alerts().contains("job dying.job")).isEqualTo(expected == HealthStatus.CRITICAL);
  }

  @Test
  void aJobThatFailedUntilItWasGoneStaysFailedAndMayBeDeleted() throws SQLException {
    plinth.jobs().runNow("base.partition-maintenance");
    superuser(
        "INSERT INTO plinth_base.jobs (name, next_run_at, last_started_at, runs, failures, consecutive_failures)"
            + " VALUES ('gone.job', now() - interval '9 days', now() - interval '8 days', 3, 3, 3)");

    assertThat(health("job gone.job").status()).isEqualTo(HealthStatus.CRITICAL);
    assertThat(health("job gone.job").statement())
        .hasValueSatisfying(s -> assertThat(s).startsWith("DELETE"));
  }

  @Test
  void partitionsThatEndAndRowsOutsideOfThemAreSeen() throws SQLException {
    String component = "partitions of plinth_base.audit_log";
    assertThat(health(component).status()).isEqualTo(HealthStatus.HEALTHY);

    superuser(
        "INSERT INTO plinth_base.audit_log_default SELECT (jsonb_populate_record(a, jsonb_build_object("
            + "'id', plinth_base.first_id_at(now() + interval '9 years')))).* FROM plinth_base.audit_log a LIMIT 1");
    assertThat(health(component).status()).isEqualTo(HealthStatus.WARNING);
    assertThat(health(component).detail()).contains("default partition");

    superuser(
        "DO $$ DECLARE p regclass; BEGIN FOR p IN SELECT partition_name"
            + " FROM plinth_base.partitions_of('plinth_base.audit_log')"
            + " LOOP EXECUTE 'DROP TABLE ' || p; END LOOP; END $$");
    assertThat(health(component).status()).isEqualTo(HealthStatus.CRITICAL);
  }

  @Test
  void whoWaitsForALockIsCounted() throws Exception {
    try (Connection holder = database.superuser().getConnection();
        Connection waiter = database.superuser().getConnection();
        Statement hold = holder.createStatement();
        Statement wait = waiter.createStatement()) {
      holder.setAutoCommit(false);
      hold.execute("LOCK TABLE plinth_base.users");
      Thread waiting = new Thread(() -> executeQuietly(wait, "TABLE plinth_base.users"));
      waiting.start();
      Eventually.is("waiting", () -> health("lock waits").detail().startsWith("1 waiting"));

      assertThat(health("lock waits").value())
          .hasValueSatisfying(seconds -> assertThat(seconds).isNotNegative());
      as(database.superuser(), health("lock waits").statement().orElseThrow());
      holder.rollback();
      waiting.join();
      assertThat(health("lock waits").detail()).startsWith("0 waiting");
    }
  }

  @Test
  void whoWaitsInAnotherDatabaseIsNotCounted() throws Exception {
    try (TestDatabase other = TestServer.shared().empty();
        Connection holder = other.superuser().getConnection();
        Connection waiter = other.superuser().getConnection();
        Statement hold = holder.createStatement();
        Statement wait = waiter.createStatement()) {
      String lock = "SELECT pg_advisory_lock(1)";
      hold.execute(lock);
      Thread waiting = new Thread(() -> executeQuietly(wait, lock));
      waiting.start();
      Eventually.is("waiting", () -> waitsIn(other));

      assertThat(health("lock waits").detail()).startsWith("0 waiting");
      hold.execute("SELECT pg_advisory_unlock(1)");
      waiting.join();
    }
  }

  private boolean waitsIn(TestDatabase other) {
    String sql =
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = ? AND wait_event_type = 'Lock')";
    try (Connection connection = database.superuser().getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, other.name());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void executeQuietly(Statement statement, String sql) {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private String recommended(String category) {
    return plinth
        .asSystem("test")
        .read(
            tx ->
                tx.dsl()
                    .fetchSingle(
                        "SELECT statement FROM plinth_base.maintenance_recommendations WHERE category = ?",
                        category)
                    .get(0, String.class));
  }

  private List<String> alerts() {
    List<Alert> alerts = plinth.asSystem("test").read(plinth.monitoring()::alerts);
    return alerts.stream().map(Alert::alert).toList();
  }

  private Health health(String component) {
    List<Health> all = plinth.asSystem("test").read(plinth.monitoring()::health);
    return all.stream().filter(h -> h.component().equals(component)).findFirst().orElseThrow();
  }

  private QualityMetric metric(String name) {
    List<QualityMetric> all = plinth.asSystem("test").read(plinth.monitoring()::quality);
    return all.stream().filter(m -> m.metric().equals(name)).findFirst().orElseThrow();
  }

  private IntegrityCheck check(String name) {
    List<IntegrityCheck> all = plinth.asSystem("test").read(plinth.monitoring()::integrity);
    return all.stream().filter(c -> c.check().equals(name)).findFirst().orElseThrow();
  }

  private void superuser(String sql) throws SQLException {
    as(database.superuser(), sql);
  }

  private static void as(DataSource login, String sql) throws SQLException {
    try (Connection connection = login.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
