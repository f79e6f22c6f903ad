package dev.plinth.base.invitation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.invitation.InvitationClosedException.Reason;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Making, seeing and revoking; what is done with a token is in {@link AcceptTest}. */
@PlinthTest
class InvitationsTest {

  private static final NewInvitation BOB = NewInvitation.of("Bob@Example.org", MemberRole.TESTER);

  @Test
  void anInvitationIsForAWeekAndItsAddressLowerCase(
      Plinth plinth, Invitations invitations, Organization acme, Member alice) {
    Invitation made = invite(plinth, invitations, alice, BOB).invitation();
    Invitation read = plinth.as(alice).read(tx -> invitations.get(tx, made.id()));

    assertThat(read).isEqualTo(made);
    assertThat(made.email()).isEqualTo("bob@example.org");
    assertThat(made.role()).isEqualTo(MemberRole.TESTER);
    assertThat(made.invitedBy()).isEqualTo(alice.userId());
    assertThat(made.expiresAt()).isEqualTo(made.createdAt().plus(Duration.ofDays(7)));
    assertThat(made.isOpen(made.createdAt())).isTrue();
    assertThat(made.isOpen(made.expiresAt())).isFalse();
  }

  @Test
  void theTokenIsStoredNowhereAndInNoText(
      Plinth plinth, Invitations invitations, Organization acme, Member alice) {
    InvitationCreated made = invite(plinth, invitations, alice, BOB);
    String row =
        plinth
            .as(alice)
            .read(
                tx ->
                    tx.dsl()
                        .fetchSingle("SELECT i::text, token_hash FROM plinth_base.invitations i"))
            .get(0, String.class);

    assertThat(made.token()).hasSize(64);
    assertThat(made.toString()).doesNotContain(made.token());
    assertThat(row).doesNotContain(made.token());
  }

  @Test
  void noTwoTokensAreAlike(
      Plinth plinth, Invitations invitations, Organization acme, Member alice) {
    String one = invite(plinth, invitations, alice, BOB).token();
    String two =
        invite(plinth, invitations, alice, NewInvitation.of("eve@example.org", MemberRole.TESTER))
            .token();

    assertThat(one.substring(22)).isNotEqualTo(two.substring(22));
  }

  @Test
  void anAddressHasOneOpenInvitationInAnOrganization(
      Plinth plinth,
      Invitations invitations,
      Organization acme,
      Member alice,
      Organization globex,
      Member other) {
    Invitation first = invite(plinth, invitations, alice, BOB).invitation();

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> invite(plinth, invitations, alice, BOB))
        .satisfies(e -> assertThat(e.constraint()).isEqualTo("invitations_open_email_uq"));
    invite(plinth, invitations, other, BOB);
    plinth.as(alice).run(tx -> invitations.revoke(tx, first.id()));
    Invitation second = invite(plinth, invitations, alice, BOB).invitation();

    assertThat(second.id()).isNotEqualTo(first.id());
  }

  @Test
  void whatWasClosedLongAgoIsDeletedInBatchesLongestAgoFirst(
      Plinth plinth,
      Invitations invitations,
      SettableClock clock,
      Organization acme,
      Member alice,
      Organization globex,
      Member other) {
    clock.freezeAt(Instant.parse("2031-01-01T00:00:00Z"));
    try {
      Instant earlier = clock.instant();
      plinth.asSystem("other tests").run(tx -> invitations.deleteClosedBefore(tx, earlier, 10_000));
      UUID first = invite(plinth, invitations, alice, BOB).invitation().id();
      UUID second = invite(plinth, invitations, other, BOB).invitation().id();
      plinth.as(alice).run(tx -> invitations.revoke(tx, first));
      clock.advance(Duration.ofDays(1));
      plinth.as(other).run(tx -> invitations.revoke(tx, second));
      clock.advance(Duration.ofDays(1));
      Instant now = clock.instant();

      int one = plinth.asSystem("test").call(tx -> invitations.deleteClosedBefore(tx, now, 1));

      assertThat(one).isEqualTo(1);
      assertThatExceptionOfType(NotFoundException.class)
          .isThrownBy(() -> plinth.as(alice).read(tx -> invitations.get(tx, first)));
      Invitation kept = plinth.as(other).read(tx -> invitations.get(tx, second));
      assertThat(kept.revokedAt()).isPresent();
      int rest = plinth.asSystem("test").call(tx -> invitations.deleteClosedBefore(tx, now, 2));
      assertThat(rest).isEqualTo(1);
    } finally {
      clock.reset();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 10_001})
  void aBatchOfNoSizeIsRefused(int limit, Plinth plinth, Invitations invitations) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(
            () ->
                plinth
                    .asSystem("test")
                    .call(tx -> invitations.deleteClosedBefore(tx, tx.now(), limit)));
  }

  @Test
  void anExpiredInvitationMakesRoomForAnother(
      Plinth plinth,
      Invitations invitations,
      SettableClock clock,
      Organization acme,
      Member alice) {
    try {
      Invitation first = invite(plinth, invitations, alice, BOB).invitation();
      clock.advance(Duration.ofDays(8));

      Invitation second = invite(plinth, invitations, alice, BOB).invitation();
      Invitation closed = plinth.as(alice).read(tx -> invitations.get(tx, first.id()));

      assertThat(second.isOpen(second.createdAt())).isTrue();
      assertThat(closed.revokedAt()).contains(second.createdAt());
    } finally {
      clock.reset();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ADMIN, OWNER",
    "SERVICE, OWNER",
    "SERVICE, ADMIN",
    "SERVICE, SERVICE",
    "DEVELOPER, OWNER",
    "DEVELOPER, DEVELOPER",
    "PROJECT_MANAGER, VIEWER",
    "VIEWER, VIEWER"
  })
  void nobodyInvitesToARoleAboveTheOwnNotEvenByHandWrittenSql(
      MemberRole inviter,
      MemberRole role,
      Plinth plinth,
      Invitations invitations,
      Organization acme,
      Member alice) {
    Member bob = raised(plinth, alice, inviter);

    assertDenied(() -> invite(plinth, invitations, bob, NewInvitation.of("eve@example.org", role)));
    assertDenied(
        () ->
            plinth
                .as(bob)
                .run(
                    tx ->
                        tx.dsl()
                            .execute(
                                "INSERT INTO plinth_base.invitations"
                                    + " (organization_id, email, role, token_hash, expires_at)"
                                    + " VALUES (?, 'eve@example.org', lower(?),"
                                    + " sha256('x'), now() + interval '1 year')",
                                tx.organizationId(),
                                role.name())));
    assertThat(all(plinth, invitations, alice)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "OWNER, OWNER",
    "OWNER, ADMIN",
    "ADMIN, ADMIN",
    "ADMIN, SERVICE",
    "ADMIN, VIEWER",
    "SERVICE, PROJECT_MANAGER"
  })
  void whoAdministersInvitesToRolesUpToTheOwn(
      MemberRole inviter,
      MemberRole role,
      Plinth plinth,
      Invitations invitations,
      Organization acme,
      Member alice) {
    Member bob = raised(plinth, alice, inviter);

    Invitation made =
        invite(plinth, invitations, bob, NewInvitation.of("eve@example.org", role)).invitation();

    assertThat(made.role()).isEqualTo(role);
  }

  @Test
  void nobodyInvitesInAnothersName(
      Plinth plinth, Organization acme, Member alice, @Role(MemberRole.ADMIN) Member bob) {
    assertDenied(
        () ->
            plinth
                .as(bob)
                .run(
                    tx ->
                        tx.dsl()
                            .execute(
                                "INSERT INTO plinth_base.invitations (organization_id, email, role,"
                                    + " token_hash, expires_at, invited_by) VALUES"
                                    + " (?, 'eve@example.org', 'admin', sha256('x'),"
                                    + " now() + interval '1 year', ?)",
                                tx.organizationId(),
                                alice.userId())));
  }

  @Test
  void whereNoUserActsNobodyIsInvited(
      Plinth plinth, Invitations invitations, Organization acme, Member alice) {
    assertDenied(() -> plinth.asService(acme.id(), "job").run(tx -> invitations.invite(tx, BOB)));
  }

  @Test
  void whoDoesNotAdministerSeesNoInvitationNotEvenByHandWrittenSql(
      Plinth plinth, Invitations invitations, Organization acme, Member alice, Member bob) {
    Invitation made = invite(plinth, invitations, alice, BOB).invitation();

    int seen =
        plinth
            .as(bob)
            .read(
                tx ->
                    tx.dsl()
                        .fetchSingle("SELECT count(*)::int FROM plinth_base.invitations")
                        .get(0, Integer.class));
    assertThat(seen).isZero();
    assertDenied(() -> plinth.as(bob).read(tx -> invitations.list(tx, PageRequest.first(1))));
    assertDenied(() -> plinth.as(bob).read(tx -> invitations.get(tx, made.id())));
    assertDenied(() -> plinth.as(bob).run(tx -> invitations.revoke(tx, made.id())));
  }

  @Test
  void aRevokedInvitationStaysAsItIs(
      Plinth plinth, Invitations invitations, Organization acme, Member alice) {
    Invitation made = invite(plinth, invitations, alice, BOB).invitation();

    Invitation revoked = plinth.as(alice).call(tx -> invitations.revoke(tx, made.id()));
    Invitation again = plinth.as(alice).call(tx -> invitations.revoke(tx, made.id()));

    assertThat(revoked.revokedAt()).isPresent();
    assertThat(again).isEqualTo(revoked);
  }

  @Test
  void anAdminDoesNotRevokeAnInvitationToBeOwner(
      Plinth plinth,
      Invitations invitations,
      Organization acme,
      Member alice,
      @Role(MemberRole.ADMIN) Member bob) {
    Invitation made =
        invite(plinth, invitations, alice, NewInvitation.of("eve@example.org", MemberRole.OWNER))
            .invitation();

    assertDenied(() -> plinth.as(bob).run(tx -> invitations.revoke(tx, made.id())));
    int rows =
        plinth
            .as(bob)
            .call(tx -> tx.dsl().execute("UPDATE plinth_base.invitations SET revoked_at = now()"));
    assertThat(rows).isZero();
  }

  @Test
  void anAcceptedInvitationIsNotRevoked(
      Plinth plinth, Invitations invitations, Organization acme, Member alice, Member bob) {
    InvitationCreated made = invite(plinth, invitations, alice, BOB);
    plinth.as(alice).run(tx -> plinth.members().remove(tx, bob.userId(), bob.version()));
    plinth.asSystem("test").run(tx -> invitations.accept(tx, made.token(), bob.userId()));

    assertThatExceptionOfType(InvitationClosedException.class)
        .isThrownBy(
            () -> plinth.as(alice).run(tx -> invitations.revoke(tx, made.invitation().id())))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.ACCEPTED));
  }

  @Test
  void anInvitationThatIsNotThereIsNotFound(
      Plinth plinth, Invitations invitations, Organization acme, Member alice) {
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> plinth.as(alice).read(tx -> invitations.get(tx, UUID.randomUUID())));
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> plinth.as(alice).run(tx -> invitations.revoke(tx, UUID.randomUUID())));
  }

  @Test
  void invitationsComeInPages(
      Plinth plinth,
      Invitations invitations,
      Organization acme,
      Member alice,
      Organization globex,
      Member other) {
    Invitation first = invite(plinth, invitations, alice, BOB).invitation();
    Invitation second =
        invite(plinth, invitations, alice, NewInvitation.of("eve@example.org", MemberRole.VIEWER))
            .invitation();

    Page<Invitation> page = plinth.as(alice).read(tx -> invitations.list(tx, PageRequest.first(1)));
    String cursor = page.next().orElseThrow();
    Page<Invitation> next =
        plinth.as(alice).read(tx -> invitations.list(tx, PageRequest.after(cursor, 1)));

    assertThat(page.items()).containsExactly(first);
    assertThat(next.items()).containsExactly(second);
    assertThat(next.next()).isEmpty();
    assertThatExceptionOfType(InvalidCursorException.class)
        .isThrownBy(
            () -> plinth.as(other).read(tx -> invitations.list(tx, PageRequest.after(cursor, 1))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bob", "@", "bob@", "@example.org", "bob smith@example.org"})
  void anAddressThatIsNoneIsRefused(String email) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> NewInvitation.of(email, MemberRole.VIEWER));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1H", "PT0S", "PT59S", "P90DT1S"})
  void anInvitationForNoTimeOrTooLongIsRefused(Duration time) {
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> BOB.validFor(time));
  }

  private static InvitationCreated invite(
      Plinth plinth, Invitations invitations, Member as, NewInvitation invitation) {
    return plinth.as(as).call(tx -> invitations.invite(tx, invitation));
  }

  private static List<Invitation> all(Plinth plinth, Invitations invitations, Member as) {
    return plinth.as(as).read(tx -> invitations.list(tx, PageRequest.first(100))).items();
  }

  private static Member raised(Plinth plinth, Member alice, MemberRole role) {
    return Newcomers.member(plinth, alice, role);
  }

  private static void assertDenied(ThrowingCallable call) {
    assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(call);
  }
}
