package dev.plinth.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.invitation.Invitation;
import dev.plinth.base.invitation.InvitationCreated;
import dev.plinth.base.invitation.NewInvitation;
import dev.plinth.base.notification.NewNotification;
import dev.plinth.base.notification.Notification;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.user.NewUser;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What base's own jobs delete, and what they keep. */
@PlinthTest
class RetentionTest {

  @BeforeEach
  void freeze(SettableClock clock) {
    clock.freezeAt(Instant.parse("2031-01-01T00:00:00Z"));
  }

  @AfterEach
  void reset(SettableClock clock) {
    clock.reset();
  }

  @Test
  void notificationsGoThirtyDaysAfterTheyWereReadHoweverMany(
      Plinth plinth, SettableClock clock, Organization acme, Member alice) {
    String many = "SELECT plinth_base.notify_user(?, 'news', 'Old') FROM generate_series(1, 2500)";
    plinth.as(alice).run(tx -> tx.dsl().fetch(many, alice.userId()));
    plinth.as(alice).run(tx -> plinth.notifications().markAllRead(tx));
    notify(plinth, alice, "Unread");
    clock.advance(Duration.ofDays(1));
    notify(plinth, alice, "Read later");
    UUID later = titles(plinth, alice).get(0).id();
    plinth.as(alice).run(tx -> plinth.notifications().markRead(tx, later));
    clock.advance(Duration.ofDays(29).plusSeconds(1));

    plinth.jobs().runNow("base.notification-retention");

    assertThat(titles(plinth, alice))
        .extracting(Notification::title)
        .containsExactly("Unread", "Read later");
  }

  @Test
  void invitationsGoNinetyDaysAfterTheyWereClosed(
      Plinth plinth, SettableClock clock, Organization acme, Member alice) {
    InvitationCreated accepted = invite(plinth, alice, "accepted@example.org");
    InvitationCreated revoked = invite(plinth, alice, "revoked@example.org");
    invite(plinth, alice, "expired@example.org");
    UUID user =
        plinth.asSystem("test").call(tx -> plinth.users().create(tx, NewUser.named("bob"))).id();
    plinth.asSystem("test").run(tx -> plinth.invitations().accept(tx, accepted.token(), user));
    plinth.as(alice).run(tx -> plinth.invitations().revoke(tx, revoked.invitation().id()));

    clock.advance(Duration.ofDays(90).plusSeconds(1));
    invite(plinth, alice, "open@example.org");
    plinth.jobs().runNow("base.invitation-retention");
    List<String> afterNinetyDays = emails(plinth, alice);
    clock.advance(NewInvitation.VALID_FOR.minusSeconds(2));
    plinth.jobs().runNow("base.invitation-retention");
    List<String> soonAfter = emails(plinth, alice);
    clock.advance(Duration.ofSeconds(2));
    plinth.jobs().runNow("base.invitation-retention");

    assertThat(afterNinetyDays).containsExactly("expired@example.org", "open@example.org");
    assertThat(soonAfter).isEqualTo(afterNinetyDays);
    assertThat(emails(plinth, alice)).containsExactly("open@example.org");
    Member still = plinth.as(alice).read(tx -> plinth.members().get(tx, user));
    assertThat(still.role()).isEqualTo(MemberRole.TESTER);
  }

  private static void notify(Plinth plinth, Member alice, String title) {
    NewNotification news = NewNotification.of(alice.userId(), "news", title);
    plinth.as(alice).run(tx -> plinth.notifications().notify(tx, news));
  }

  private static List<Notification> titles(Plinth plinth, Member alice) {
    return plinth
        .as(alice)
        .read(tx -> plinth.notifications().list(tx, PageRequest.first(100)))
        .items();
  }

  private static InvitationCreated invite(Plinth plinth, Member alice, String email) {
    NewInvitation invitation = NewInvitation.of(email, MemberRole.TESTER);
    return plinth.as(alice).call(tx -> plinth.invitations().invite(tx, invitation));
  }

  private static List<String> emails(Plinth plinth, Member alice) {
    return plinth
        .as(alice)
        .read(tx -> plinth.invitations().list(tx, PageRequest.first(100)))
        .items()
        .stream()
        .map(Invitation::email)
        .toList();
  }
}
