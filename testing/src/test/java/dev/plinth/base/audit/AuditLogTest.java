package dev.plinth.base.audit;

import static dev.plinth.base.jooq.Tables.AUDIT_LOG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.invitation.NewInvitation;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.workspace.NewWorkspace;
import dev.plinth.base.workspace.Workspace;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

@PlinthTest
class AuditLogTest {

  private static final String INVITATIONS = "plinth_base.invitations";

  private final AuditLog audit = new AuditLog();

  @Test
  void onlyWhoAdministersTheOrganizationReadsIt(
      Plinth plinth,
      Organization acme,
      Member alice,
      Member bob,
      @Role(MemberRole.ADMIN) Member amy,
      Organization globex,
      Member carol) {
    Workspace workspace = workspace(plinth, alice, "seen");
    AuditFilter filter = AuditFilter.all().of(workspace.id());

    assertThat(read(plinth, alice, filter)).hasSize(1);
    assertThat(read(plinth, amy, filter)).hasSize(1);
    assertThat(read(plinth, carol, filter)).isEmpty();
    assertDenied(() -> read(plinth, bob, filter));
    int byHand =
        plinth
            .as(bob)
            .read(
                tx ->
                    tx.dsl()
                        .fetchSingle("SELECT count(*)::int FROM plinth_base.audit_log")
                        .get(0, Integer.class));
    assertThat(byHand).isZero();
  }

  @Test
  void entriesAreFoundByTableRowActorAndTime(
      Plinth plinth, Organization acme, Member alice, @Role(MemberRole.ADMIN) Member amy) {
    Workspace first = workspace(plinth, alice, "first");
    Workspace second = workspace(plinth, amy, "second");
    plinth
        .asService(acme.id(), "importer")
        .run(tx -> plinth.workspaces().create(tx, NewWorkspace.of("third", "Third")));
    AuditFilter workspaces = AuditFilter.all().ofType("plinth_base.workspaces");

    assertThat(read(plinth, alice, AuditFilter.all().of(first.id()))).hasSize(1);
    assertThat(read(plinth, alice, workspaces.byUser(amy.userId())))
        .extracting(entry -> entry.subjectId().orElseThrow())
        .containsExactly(second.id());
    assertThat(read(plinth, alice, workspaces.by("importer"))).hasSize(1);
    assertThat(read(plinth, alice, workspaces.byUser(UUID.randomUUID()))).isEmpty();
    Instant then = read(plinth, alice, AuditFilter.all().of(second.id())).get(0).occurredAt();
    assertThat(read(plinth, alice, workspaces.between(then, then.plusMillis(1))))
        .extracting(entry -> entry.subjectId().orElseThrow())
        .contains(second.id());
    assertThat(read(plinth, alice, workspaces.between(then.plusMillis(1), then.plusSeconds(3600))))
        .extracting(entry -> entry.subjectId().orElseThrow())
        .doesNotContain(first.id(), second.id());
    assertThat(read(plinth, alice, workspaces.between(Instant.EPOCH, then)))
        .extracting(entry -> entry.subjectId().orElseThrow())
        .doesNotContain(second.id());
  }

  @Test
  void pagesGoFromTheNewestToTheOldest(Plinth plinth, Organization initech, Member paul) {
    for (int i = 0; i < 5; i++) {
      workspace(plinth, paul, "paged-" + i);
    }
    AuditFilter filter = AuditFilter.all().ofType("plinth_base.workspaces");

    Page<AuditEntry> first = page(plinth, paul, filter, PageRequest.first(3));
    String cursor = first.next().orElseThrow();
    Page<AuditEntry> second = page(plinth, paul, filter, PageRequest.after(cursor, 3));

    assertThat(Stream.concat(first.items().stream(), second.items().stream()))
        .extracting(entry -> entry.after().get("slug"))
        .containsExactly("paged-4", "paged-3", "paged-2", "paged-1", "paged-0");
    assertThat(second.next()).isEmpty();
    String other =
        plinth
            .as(paul)
            .read(tx -> plinth.workspaces().list(tx, PageRequest.first(1)))
            .next()
            .orElseThrow();
    assertThatExceptionOfType(InvalidCursorException.class)
        .isThrownBy(() -> page(plinth, paul, filter, PageRequest.after(other, 3)));
    assertThatExceptionOfType(InvalidCursorException.class)
        .isThrownBy(() -> page(plinth, paul, AuditFilter.all(), PageRequest.after(cursor, 3)));
  }

  @Test
  void readingEntriesOfASensitiveTableIsRecorded(Plinth plinth, Organization hooli, Member gavin) {
    invite(plinth, gavin);
    AuditFilter filter = AuditFilter.all().ofType(INVITATIONS);

    List<AuditEntry> read = plinth.as(gavin).call(tx -> list(tx, filter));

    assertThat(read).singleElement().matches(AuditEntry::sensitive);
    assertThat(reads(plinth, gavin))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.actor().user()).contains(gavin.userId());
              assertThat(entry.subjectType()).isEqualTo(INVITATIONS);
              assertThat(entry.subjectId()).isEmpty();
              assertThat(entry.sensitive()).isFalse();
            });
  }

  @Test
  void withoutARecordNothingSensitiveIsRead(Plinth plinth, Organization piper, Member dinesh) {
    invite(plinth, dinesh);
    AuditFilter filter = AuditFilter.all().ofType(INVITATIONS);

    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(() -> read(plinth, dinesh, filter))
        .withMessageContaining("recorded, which a read-only transaction cannot");
    assertThat(reads(plinth, dinesh)).isEmpty();
    assertThat(read(plinth, dinesh, AuditFilter.all().ofType("plinth_base.organizations")))
        .hasSize(1);
  }

  @Test
  void aModuleRecordsThatSomethingSensitiveWasRead(
      Plinth plinth, Organization acme, Member alice, @Role(MemberRole.VIEWER) Member eve) {
    UUID salary = UUID.randomUUID();
    plinth.as(eve).run(tx -> audit.recordRead(tx, "salary", salary));

    assertThat(read(plinth, alice, AuditFilter.all().of(salary)))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.action()).isEqualTo(AuditAction.READ);
              assertThat(entry.actor()).isEqualTo(new Actor(ActorKind.USER, eve.userId(), null));
              assertThat(entry.before()).isEmpty();
              assertThat(entry.after()).isEmpty();
            });
    assertDenied(
        () ->
            plinth
                .as(eve)
                .read(
                    tx -> {
                      audit.recordRead(tx, "salary", salary);
                      return true;
                    }));
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> plinth.as(eve).run(tx -> audit.recordRead(tx, " ", null)));
  }

  /** Looking through the service would itself be recorded. */
  private static List<AuditEntry> reads(Plinth plinth, Member member) {
    return plinth
        .as(member)
        .read(
            tx ->
                tx.dsl()
                    .selectFrom(AUDIT_LOG)
                    .where(
                        AUDIT_LOG.ORGANIZATION_ID.eq(tx.organizationId()),
                        AUDIT_LOG.ACTION.eq(AuditAction.READ))
                    .fetch(AuditQueries::entry));
  }

  private List<AuditEntry> list(TenantTx tx, AuditFilter filter) {
    return audit.list(tx, filter, PageRequest.first(100)).items();
  }

  private List<AuditEntry> read(Plinth plinth, Member member, AuditFilter filter) {
    return plinth.as(member).read(tx -> list(tx, filter));
  }

  private Page<AuditEntry> page(
      Plinth plinth, Member member, AuditFilter filter, PageRequest request) {
    return plinth.as(member).read(tx -> audit.list(tx, filter, request));
  }

  private static Workspace workspace(Plinth plinth, Member member, String slug) {
    return plinth
        .as(member)
        .call(tx -> plinth.workspaces().create(tx, NewWorkspace.of(slug, slug)));
  }

  private static void invite(Plinth plinth, Member member) {
    plinth
        .as(member)
        .run(
            tx ->
                plinth
                    .invitations()
                    .invite(tx, NewInvitation.of("eve@example.org", MemberRole.TESTER)));
  }

  private static void assertDenied(ThrowingCallable call) {
    assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(call);
  }
}
