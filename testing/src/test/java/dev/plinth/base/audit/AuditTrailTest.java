package dev.plinth.base.audit;

import static dev.plinth.base.jooq.Tables.AUDIT_LOG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.invitation.Invitation;
import dev.plinth.base.invitation.NewInvitation;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import dev.plinth.base.workspace.NewWorkspace;
import dev.plinth.base.workspace.Workspace;
import dev.plinth.base.workspace.WorkspaceChanges;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What gets into the audit log, by whatever path, and that nothing gets out of it. */
@PlinthTest
class AuditTrailTest {

  private static final String RENAME = "UPDATE plinth_base.workspaces SET name = ? WHERE id = ?";

  @Test
  void everyChangeIsRecordedWithWhoMadeItAndWhatChanged(
      Plinth plinth, Organization acme, Member alice) {
    Workspace workspace = workspace(plinth, alice, "changed");
    plinth
        .as(alice)
        .run(
            tx -> {
              WorkspaceChanges renaming = WorkspaceChanges.none().name("Other");
              plinth.workspaces().update(tx, workspace.id(), 1, renaming);
            });

    List<AuditEntry> entries = entries(plinth, alice, workspace.id());

    assertThat(entries)
        .extracting(AuditEntry::action)
        .containsExactly(AuditAction.INSERT, AuditAction.UPDATE);
    assertThat(entries)
        .allMatch(entry -> entry.actor().user().orElseThrow().equals(alice.userId()));
    assertThat(entries).extracting(AuditEntry::subjectType).containsOnly("plinth_base.workspaces");
    assertThat(entries.get(0).before()).isEmpty();
    assertThat(entries.get(0).after())
        .containsEntry("slug", "changed")
        .containsEntry("name", "changed");
    String id = workspace.id().toString();
    assertThat(entries.get(1).before()).isEqualTo(Map.of("id", id, "name", "changed"));
    assertThat(entries.get(1).after()).isEqualTo(Map.of("id", id, "name", "Other"));
    assertThat(entries).extracting(AuditEntry::transactionId).doesNotHaveDuplicates();
  }

  @Test
  void aDeletedRowIsKeptInTheLog(Plinth plinth, Organization acme, Member alice) {
    Workspace workspace = workspace(plinth, alice, "left");
    plinth
        .as(alice)
        .run(tx -> plinth.workspaces().removeMember(tx, workspace.id(), alice.userId(), 1));

    AuditFilter memberships = AuditFilter.all().ofType("plinth_base.workspace_members");
    AuditEntry last = entries(plinth, alice, memberships).get(0);
    assertThat(last.action()).isEqualTo(AuditAction.DELETE);
    assertThat(last.before())
        .containsEntry("workspace_id", workspace.id().toString())
        .containsEntry("user_id", alice.userId().toString());
    assertThat(last.after()).isEmpty();
  }

  @Test
  void itSaysAsWhatSomebodyActed(
      Plinth plinth, TestDatabase database, Organization acme, Member alice) throws SQLException {
    Workspace workspace = workspace(plinth, alice, "acted");
    plinth
        .asService(acme.id(), "indexer")
        .run(tx -> tx.dsl().execute(RENAME, "By a service", workspace.id()));
    try (Connection superuser = database.superuser().getConnection();
        Statement statement = superuser.createStatement()) {
      statement.execute(
          "UPDATE plinth_base.workspaces SET name = 'By hand' WHERE id = '%s'"
              .formatted(workspace.id()));
    }

    assertThat(entries(plinth, alice, workspace.id()))
        .extracting(AuditEntry::actor)
        .containsExactly(
            new Actor(ActorKind.USER, alice.userId(), null),
            new Actor(ActorKind.SERVICE, null, "indexer"),
            new Actor(ActorKind.LOGIN, null, "postgres"));
  }

  @Test
  void whatTheSystemDoesIsRecordedInTheOrganizationWithItsReason(
      Plinth plinth, Organization acme, Member alice) {
    plinth
        .asSystem("billing")
        .run(
            tx ->
                tx.dsl()
                    .execute(
                        "UPDATE plinth_base.organizations SET name = 'Acme & Co.' WHERE id = ?",
                        acme.id()));

    List<AuditEntry> entries = entries(plinth, alice, acme.id());
    assertThat(entries.get(entries.size() - 1).actor())
        .isEqualTo(new Actor(ActorKind.SYSTEM, null, "billing"));
    assertThat(entries.get(entries.size() - 1).after()).containsEntry("name", "Acme & Co.");
  }

  @Test
  void changesOfUsersBelongToNoOrganizationAndAreSeenByTheSystem(
      Plinth plinth, Organization acme, Member alice) {
    User user =
        plinth.asSystem("sign-up").call(tx -> plinth.users().create(tx, NewUser.named("Zoe")));

    List<AuditEntry> entries =
        plinth
            .asSystem("test")
            .call(
                tx ->
                    tx.dsl()
                        .selectFrom(AUDIT_LOG)
                        .where(AUDIT_LOG.SUBJECT_ID.eq(user.id()))
                        .fetch(AuditQueries::entry));
    assertThat(entries)
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.organizationId()).isEqualTo(new UUID(0, 0));
              assertThat(entry.actor()).isEqualTo(new Actor(ActorKind.SYSTEM, null, "sign-up"));
            });
    assertThat(entries(plinth, alice, user.id())).isEmpty();
  }

  @Test
  void anUpdateThatChangesNothingIsNoChange(Plinth plinth, Organization acme, Member alice) {
    Workspace workspace = workspace(plinth, alice, "same");
    plinth.as(alice).run(tx -> tx.dsl().execute(RENAME, "same", workspace.id()));

    assertThat(entries(plinth, alice, workspace.id())).hasSize(1);
  }

  @Test
  void whatIsRolledBackLeavesNoEntry(Plinth plinth, Organization acme, Member alice) {
    Workspace workspace = workspace(plinth, alice, "undone");
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          tx.dsl().execute(RENAME, "Never", workspace.id());
                          throw new IllegalStateException("host fails");
                        }));

    assertThat(entries(plinth, alice, workspace.id())).hasSize(1);
  }

  @Test
  void ofASecretItIsOnlySaidThatItIsThere(Plinth plinth, Organization acme, Member alice) {
    Invitation invitation =
        plinth
            .as(alice)
            .call(
                tx ->
                    plinth
                        .invitations()
                        .invite(tx, NewInvitation.of("zoe@example.org", MemberRole.TESTER))
                        .invitation());

    assertThat(entries(plinth, alice, invitation.id()))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.after()).containsEntry("token_hash", "[secret]");
              assertThat(entry.sensitive()).isTrue();
            });
  }

  @Test
  void theTimeIsTheDatabasesWhateverClockTheHostHas(
      Plinth plinth, SettableClock clock, Organization acme, Member alice) {
    Instant now = clock.instant();
    clock.advance(Duration.ofDays(-400));
    Workspace workspace;
    try {
      workspace = workspace(plinth, alice, "backdated");
    } finally {
      clock.reset();
    }

    assertThat(entries(plinth, alice, workspace.id()).get(0).occurredAt())
        .isAfter(now.minus(Duration.ofHours(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO plinth_base.audit_log SELECT * FROM plinth_base.audit_log LIMIT 1",
        "UPDATE plinth_base.audit_log SET action = 'read'",
        "DELETE FROM plinth_base.audit_log",
        "TRUNCATE plinth_base.audit_log",
        "SELECT plinth_base.add_audit_entry(plinth_base.current_organization_id(), 'x', NULL, 'read', NULL, NULL, false)",
      })
  void nobodyWritesOrSilencesIt(String sql, Plinth plinth, Organization acme, Member alice) {
    assertRefused(() -> plinth.as(alice).run(tx -> tx.dsl().execute(sql)));
    assertRefused(() -> plinth.asService(acme.id(), "job").run(tx -> tx.dsl().execute(sql)));
    assertRefused(() -> plinth.asSystem("job").run(tx -> tx.dsl().execute(sql)));
    assertRefused(() -> plinth.as(alice).run(tx -> tx.asHost(host -> host.execute(sql))));
  }

  /** The gate refuses these to a tenant; here the database does, whoever asks. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TEMP TABLE forged (id uuid) ON COMMIT DROP; CREATE TRIGGER t AFTER INSERT ON forged"
            + " FOR EACH ROW EXECUTE FUNCTION plinth_base.record_change('', '{}', 'false')",
        "DROP TRIGGER workspaces_audit ON plinth_base.workspaces",
        "ALTER TABLE plinth_base.workspaces DISABLE TRIGGER workspaces_audit",
      })
  void noRoleTouchesATrigger(
      String sql, Plinth plinth, TestDatabase database, Organization acme, Member alice)
      throws SQLException {
    assertRefused(() -> plinth.as(alice).run(tx -> tx.asHost(host -> host.execute(sql))));
    for (String role : List.of("plinth_app", "plinth_system")) {
      try (Connection connection = database.superuser().getConnection();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("SET LOCAL ROLE " + role);
        assertThatExceptionOfType(SQLException.class)
            .isThrownBy(() -> statement.execute(sql))
            .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        connection.rollback();
      }
    }
  }

  @Test
  void theOwnerOfTheSchemasNeitherSeesNorChangesAnEntry(
      Plinth plinth, TestDatabase database, Organization acme, Member alice) throws SQLException {
    Workspace workspace = workspace(plinth, alice, "kept");
    try (Connection owner = database.owner().getConnection();
        Statement statement = owner.createStatement()) {
      assertThat(statement.executeUpdate("DELETE FROM plinth_base.audit_log")).isZero();
      assertThat(statement.executeUpdate("UPDATE plinth_base.audit_log SET action = 'read'"))
          .isZero();
    }

    assertThat(entries(plinth, alice, workspace.id())).hasSize(1);
  }

  @Test
  void whatIsAuditedInBase(Plinth plinth, TestDatabase database) throws SQLException {
    try (Connection superuser = database.superuser().getConnection()) {
      Set<String> audited =
          org.jooq
              .impl
              .DSL
              .using(superuser)
              .fetch(
                  "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid ="
                      + " 'plinth_base.record_change'::regproc")
              .intoSet(0, String.class);
      assertThat(audited)
          .containsExactlyInAnyOrder(
              "plinth_base.organizations",
              "plinth_base.users",
              "plinth_base.organization_members",
              "plinth_base.workspaces",
              "plinth_base.workspace_members",
              "plinth_base.invitations");
    }
  }

  /** Of a row, oldest first. */
  private static List<AuditEntry> entries(Plinth plinth, Member member, UUID subject) {
    List<AuditEntry> entries =
        new ArrayList<>(entries(plinth, member, AuditFilter.all().of(subject)));
    Collections.reverse(entries);
    return entries;
  }

  /** Newest first, without those of reading. */
  private static List<AuditEntry> entries(Plinth plinth, Member member, AuditFilter filter) {
    return plinth
        .as(member)
        .call(tx -> plinth.audit().list(tx, filter, PageRequest.first(100)))
        .items()
        .stream()
        .filter(entry -> entry.action() != AuditAction.READ)
        .toList();
  }

  private static Workspace workspace(Plinth plinth, Member member, String slug) {
    return plinth
        .as(member)
        .call(tx -> plinth.workspaces().create(tx, NewWorkspace.of(slug, slug)));
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(call);
  }
}
