package dev.plinth.base.invitation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.OrganizationNotActiveException;
import dev.plinth.base.invitation.InvitationClosedException.Reason;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.organization.OrganizationStatus;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.testing.AtOnce;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.SettableClock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PlinthTest
class AcceptTest {

  private final Invitations invitations = new Invitations();

  @Test
  void whoBringsTheTokenIsAMemberInTheRole(Plinth plinth, Organization acme, Member alice) {
    InvitationCreated made = invite(plinth, alice, MemberRole.TESTER);
    UUID bob = Newcomers.user(plinth, "bob");

    Invitation accepted = accept(plinth, made.token(), bob);

    Member member = plinth.as(acme.id(), bob).read(tx -> plinth.members().get(tx, bob));
    assertThat(member.role()).isEqualTo(MemberRole.TESTER);
    assertThat(member.displayName()).isEqualTo("bob");
    assertThat(accepted.organizationId()).isEqualTo(acme.id());
    assertThat(accepted.acceptedBy()).contains(bob);
    assertThat(accepted.acceptedAt()).isPresent();
  }

  @Test
  void acceptingTwiceReturnsTheSameAndWritesNothing(
      Plinth plinth, Organization acme, Member alice) {
    InvitationCreated made = invite(plinth, alice, MemberRole.TESTER);
    UUID bob = Newcomers.user(plinth, "bob");
    Invitation first = accept(plinth, made.token(), bob);
    Member before = plinth.as(alice).read(tx -> plinth.members().get(tx, bob));

    Invitation again = accept(plinth, made.token(), bob);

    Member after = plinth.as(alice).read(tx -> plinth.members().get(tx, bob));
    assertThat(again).isEqualTo(first);
    assertThat(after).isEqualTo(before);
  }

  @Test
  void acceptingTwiceLetsNobodyBackInWhoWasRemoved(Plinth plinth, Organization acme, Member alice) {
    InvitationCreated made = invite(plinth, alice, MemberRole.TESTER);
    UUID bob = Newcomers.user(plinth, "bob");
    accept(plinth, made.token(), bob);
    plinth.as(alice).run(tx -> plinth.members().remove(tx, bob, 1));

    accept(plinth, made.token(), bob);

    assertDenied(() -> plinth.as(acme.id(), bob).run(tx -> {}));
  }

  @Test
  void aTokenThatAnotherAcceptedIsRefused(Plinth plinth, Organization acme, Member alice) {
    InvitationCreated made = invite(plinth, alice, MemberRole.TESTER);
    UUID bob = Newcomers.user(plinth, "bob");
    UUID eve = Newcomers.user(plinth, "eve");
    accept(plinth, made.token(), bob);

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> accept(plinth, made.token(), eve))
        .satisfies(e -> assertThat(e.table()).isEqualTo("invitations"));
    assertDenied(() -> plinth.as(acme.id(), eve).run(tx -> {}));
  }

  @Test
  void whoLeftIsTakenBackInTheNewRole(Plinth plinth, Organization acme, Member alice, Member bob) {
    plinth.as(alice).run(tx -> plinth.members().remove(tx, bob.userId(), bob.version()));
    InvitationCreated made = invite(plinth, alice, MemberRole.DESIGNER);

    accept(plinth, made.token(), bob.userId());

    MemberRole role = plinth.as(bob).read(tx -> tx.role());
    assertThat(role).isEqualTo(MemberRole.DESIGNER);
  }

  @Test
  void whoIsAMemberAlreadyKeepsTheRoleAndTheInvitationStaysOpen(
      Plinth plinth, Organization acme, Member alice, Member bob) {
    InvitationCreated made = invite(plinth, alice, MemberRole.ADMIN);

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> accept(plinth, made.token(), bob.userId()))
        .satisfies(e -> assertThat(e.table()).isEqualTo("organization_members"));

    MemberRole role = plinth.as(bob).read(tx -> tx.role());
    assertThat(role).isEqualTo(MemberRole.DEVELOPER);
    accept(plinth, made.token(), Newcomers.user(plinth, "eve"));
  }

  @Test
  void anExpiredTokenIsRefusedAndNothingWritten(
      Plinth plinth, SettableClock clock, Organization acme, Member alice) {
    try {
      InvitationCreated made = invite(plinth, alice, MemberRole.TESTER);
      UUID bob = Newcomers.user(plinth, "bob");
      clock.freezeAt(made.invitation().expiresAt());

      assertClosed(Reason.EXPIRED, made, () -> accept(plinth, made.token(), bob));
      assertNothingWritten(plinth, alice, made, bob);

      clock.advance(Duration.ofSeconds(-1));
      accept(plinth, made.token(), bob);
    } finally {
      clock.reset();
    }
  }

  @Test
  void aRevokedTokenIsRefusedAndNothingWritten(Plinth plinth, Organization acme, Member alice) {
    InvitationCreated made = invite(plinth, alice, MemberRole.TESTER);
    UUID bob = Newcomers.user(plinth, "bob");
    plinth.as(alice).run(tx -> invitations.revoke(tx, made.invitation().id()));

    assertClosed(Reason.REVOKED, made, () -> accept(plinth, made.token(), bob));

    assertNothingWritten(plinth, alice, made, bob);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "token", "!!!", "\u0000", "ä"})
  void whatIsNoTokenIsNotFound(String text, Plinth plinth) {
    assertNotFound(plinth, text);
    assertNotFound(plinth, text + "A".repeat(64 - text.length()));
  }

  @Test
  void aForgedTokenIsNotFoundWhicheverPartIsForged(
      Plinth plinth, Organization acme, Member alice, Organization globex) {
    String token = invite(plinth, alice, MemberRole.TESTER).token();

    for (int i = 0; i < 48; i++) {
      byte[] bytes = Base64.getUrlDecoder().decode(token);
      bytes[i] ^= 1;
      assertNotFound(plinth, Base64.getUrlEncoder().encodeToString(bytes));
    }
    String moved = invite(plinth, owner(plinth, globex), MemberRole.TESTER).token();
    assertNotFound(plinth, moved.substring(0, 21) + token.substring(21));
  }

  @Test
  void theStoredHashIsNoToken(Plinth plinth, Organization acme, Member alice) {
    invite(plinth, alice, MemberRole.TESTER);
    byte[] hash =
        plinth
            .as(alice)
            .read(tx -> tx.dsl().fetchSingle("SELECT token_hash FROM plinth_base.invitations"))
            .get(0, byte[].class);

    assertThat(hash).hasSize(32);
    assertNotFound(plinth, Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
  }

  @Test
  void aUserWhoDoesNotExistOrIsInactiveIsNotLetIn(Plinth plinth, Organization acme, Member alice) {
    InvitationCreated made = invite(plinth, alice, MemberRole.TESTER);
    UUID bob = Newcomers.user(plinth, "bob");
    plinth.asSystem("test").run(tx -> plinth.users().setActive(tx, bob, false));

    assertDenied(() -> accept(plinth, made.token(), bob));
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> accept(plinth, made.token(), UUID.randomUUID()))
        .satisfies(e -> assertThat(e.what()).isEqualTo("user"));
    assertNothingWritten(plinth, alice, made, bob);
  }

  @Test
  void theInviterMustStillBeAllowedToGiveTheRole(
      Plinth plinth, Organization acme, Member alice, @Role(MemberRole.ADMIN) Member bob) {
    InvitationCreated admin = invite(plinth, bob, MemberRole.ADMIN);
    InvitationCreated tester =
        plinth
            .as(bob)
            .call(
                tx ->
                    invitations.invite(
                        tx, NewInvitation.of("other@example.org", MemberRole.TESTER)));
    UUID eve = Newcomers.user(plinth, "eve");
    plinth
        .as(alice)
        .run(tx -> plinth.members().changeRole(tx, bob.userId(), 1, MemberRole.SERVICE));

    assertDenied(() -> accept(plinth, admin.token(), eve));
    assertNothingWritten(plinth, alice, admin, eve);
    accept(plinth, tester.token(), eve);
  }

  @Test
  void anInviterWhoLeftOrIsInactiveLetsNobodyIn(
      Plinth plinth,
      Organization acme,
      Member alice,
      @Role(MemberRole.ADMIN) Member left,
      @Role(MemberRole.ADMIN) Member inactive) {
    InvitationCreated one = invite(plinth, left, MemberRole.TESTER);
    InvitationCreated two =
        plinth
            .as(inactive)
            .call(
                tx ->
                    invitations.invite(
                        tx, NewInvitation.of("other@example.org", MemberRole.TESTER)));
    UUID eve = Newcomers.user(plinth, "eve");
    plinth.as(alice).run(tx -> plinth.members().remove(tx, left.userId(), 1));
    plinth.asSystem("test").run(tx -> plinth.users().setActive(tx, inactive.userId(), false));

    assertDenied(() -> accept(plinth, one.token(), eve));
    assertDenied(() -> accept(plinth, two.token(), eve));
    assertNothingWritten(plinth, alice, one, eve);
  }

  @Test
  void nobodyIsLetIntoASuspendedOrganization(Plinth plinth, Organization acme, Member alice) {
    InvitationCreated made = invite(plinth, alice, MemberRole.TESTER);
    UUID bob = Newcomers.user(plinth, "bob");
    plinth
        .asSystem("test")
        .run(
            tx ->
                plinth
                    .organizations()
                    .setStatus(tx, acme.id(), acme.version(), OrganizationStatus.SUSPENDED));

    assertThatExceptionOfType(OrganizationNotActiveException.class)
        .isThrownBy(() -> accept(plinth, made.token(), bob))
        .satisfies(e -> assertThat(e.status()).isEqualTo("suspended"));
  }

  @RepeatedTest(3)
  void ofEightUsersWhoAcceptAtOnceOneWins(Plinth plinth, Organization acme, Member alice)
      throws Exception {
    InvitationCreated made = invite(plinth, alice, MemberRole.TESTER);
    Queue<UUID> users = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 8; i++) {
      users.add(Newcomers.user(plinth, "user" + i));
    }

    List<Boolean> won =
        AtOnce.run(
            8,
            together -> {
              UUID user = users.remove();
              try {
                plinth
                    .asSystem("test")
                    .run(
                        tx -> {
                          together.await();
                          invitations.accept(tx, made.token(), user);
                        });
                return true;
              } catch (ConflictException e) {
                return false;
              }
            });

    assertThat(won).filteredOn(one -> one).hasSize(1);
    assertThat(members(plinth, alice)).hasSize(2);
  }

  @RepeatedTest(3)
  void aUserWhoAcceptsEightTimesAtOnceGetsTheSameEachTime(
      Plinth plinth, Organization acme, Member alice) throws Exception {
    InvitationCreated made = invite(plinth, alice, MemberRole.TESTER);
    UUID bob = Newcomers.user(plinth, "bob");

    List<Invitation> accepted =
        AtOnce.run(
            8,
            together ->
                plinth
                    .asSystem("test")
                    .call(
                        tx -> {
                          together.await();
                          return invitations.accept(tx, made.token(), bob);
                        }));

    assertThat(accepted).hasSize(8).containsOnly(accepted.get(0));
    assertThat(members(plinth, alice)).hasSize(2);
  }

  private InvitationCreated invite(Plinth plinth, Member as, MemberRole role) {
    return plinth
        .as(as)
        .call(tx -> invitations.invite(tx, NewInvitation.of("somebody@example.org", role)));
  }

  private Invitation accept(Plinth plinth, String token, UUID user) {
    return plinth.asSystem("test").call(tx -> invitations.accept(tx, token, user));
  }

  private static Member owner(Plinth plinth, Organization organization) {
    return plinth
        .asService(organization.id(), "test")
        .read(tx -> plinth.members().list(tx, PageRequest.first(1)))
        .items()
        .get(0);
  }

  private static List<Member> members(Plinth plinth, Member as) {
    return plinth.as(as).read(tx -> plinth.members().list(tx, PageRequest.first(100))).items();
  }

  private void assertNothingWritten(
      Plinth plinth, Member alice, InvitationCreated made, UUID user) {
    assertThat(members(plinth, alice)).extracting(Member::userId).doesNotContain(user);
    Invitation now = plinth.as(alice).read(tx -> invitations.get(tx, made.invitation().id()));
    assertThat(now.acceptedAt()).isEmpty();
  }

  private void assertNotFound(Plinth plinth, String token) {
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> accept(plinth, token, UUID.randomUUID()))
        .satisfies(e -> assertThat(e.what()).isEqualTo("invitation"))
        .satisfies(e -> assertThat(e.getMessage()).isEqualTo(message()));
  }

  private static String message() {
    return "invitation not found: the one of that token";
  }

  private static void assertClosed(
      Reason reason, InvitationCreated made, ThrowingCallable accepting) {
    assertThatExceptionOfType(InvitationClosedException.class)
        .isThrownBy(accepting)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
        .satisfies(e -> assertThat(e.invitationId()).isEqualTo(made.invitation().id()));
  }

  private static void assertDenied(ThrowingCallable call) {
    assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(call);
  }
}
