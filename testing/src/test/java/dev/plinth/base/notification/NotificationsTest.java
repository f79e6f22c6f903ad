package dev.plinth.base.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Members;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.testing.AtOnce;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PlinthTest
class NotificationsTest {

  @Test
  void aliceNotifiesBobAndOnlyBobSeesIt(
      Plinth plinth,
      Notifications notifications,
      Organization acme,
      Member alice,
      Member bob,
      Member carol) {
    UUID project = UUID.randomUUID();
    UUID id =
        notify(
                plinth,
                notifications,
                alice,
                news(bob, "Assigned").message("It is yours").about("project", project))
            .orElseThrow();

    Notification told = all(plinth, notifications, bob).get(0);
    assertThat(told.id()).isEqualTo(id);
    assertThat(told.title()).isEqualTo("Assigned");
    assertThat(told.message()).isEqualTo("It is yours");
    assertThat(told.subject()).contains(new Subject("project", project));
    assertThat(told.readAt()).isEmpty();
    assertThat(all(plinth, notifications, alice)).isEmpty();
    assertThat(all(plinth, notifications, carol)).isEmpty();
    assertNotFound(() -> plinth.as(alice).call(tx -> notifications.markRead(tx, id)));
  }

  @Test
  void handWrittenSqlOfTheOwnerOrOfTheMachinerySeesNobodysNotifications(
      Plinth plinth, Notifications notifications, Organization acme, Member alice, Member bob) {
    notify(plinth, notifications, alice, news(bob, "Secret"));
    String count = "SELECT count(*)::int FROM plinth_base.notifications";

    int owner = plinth.as(alice).read(tx -> tx.dsl().fetchSingle(count).get(0, Integer.class));
    int machinery =
        plinth
            .asService(acme.id(), "job")
            .call(tx -> tx.dsl().fetchSingle(count).get(0, Integer.class));
    int own = plinth.as(bob).read(tx -> tx.dsl().fetchSingle(count).get(0, Integer.class));

    assertThat(List.of(owner, machinery, own)).containsExactly(0, 0, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO plinth_base.notifications (organization_id, user_id, type, title) SELECT"
            + " plinth_base.current_organization_id(), plinth_base.current_user_id(), 'a', 'A'",
        "DELETE FROM plinth_base.notifications",
        "UPDATE plinth_base.notifications SET title = 'Other'",
      })
  void nobodyWritesNotificationsByHand(String sql, Plinth plinth, Organization acme, Member alice) {
    assertDenied(() -> plinth.as(alice).run(tx -> tx.dsl().execute(sql)));
  }

  @Test
  void theMachineryNotifiesAndAViewerDoesNot(
      Plinth plinth,
      Notifications notifications,
      Organization acme,
      Member alice,
      @Role(MemberRole.VIEWER) Member eve) {
    plinth.asService(acme.id(), "job").run(tx -> notifications.notify(tx, news(eve, "Done")));

    assertThat(all(plinth, notifications, eve)).hasSize(1);
    assertDenied(() -> plinth.as(eve).run(tx -> notifications.notify(tx, news(alice, "Hello"))));
    assertDenied(
        () ->
            plinth
                .as(eve)
                .run(
                    tx ->
                        tx.dsl()
                            .fetch("SELECT plinth_base.notify_user(?, 'a', 'A')", alice.userId())));
  }

  @Test
  void aViewerMarksTheOwnNotificationsRead(
      Plinth plinth,
      Notifications notifications,
      Organization acme,
      Member alice,
      @Role(MemberRole.VIEWER) Member eve) {
    UUID id = notify(plinth, notifications, alice, news(eve, "Hello")).orElseThrow();

    Notification read = plinth.as(eve).call(tx -> notifications.markRead(tx, id));

    assertThat(read.readAt()).isPresent();
  }

  @Test
  void strangersAndThoseWhoLeftOrAreInactiveAreNotNotified(
      Plinth plinth,
      Notifications notifications,
      Members members,
      Organization acme,
      Member alice,
      Member left,
      Member inactive,
      Organization globex,
      Member other) {
    plinth.as(alice).run(tx -> members.remove(tx, left.userId(), left.version()));
    plinth.asSystem("test").run(tx -> plinth.users().setActive(tx, inactive.userId(), false));

    for (Member nobody : List.of(left, inactive, other)) {
      assertThatExceptionOfType(NotFoundException.class)
          .isThrownBy(() -> notify(plinth, notifications, alice, news(nobody, "Hello")))
          .satisfies(e -> assertThat(e.what()).isEqualTo("member"))
          .satisfies(e -> assertThat(e.id()).isEqualTo(nobody.userId().toString()));
    }
    assertThat(all(plinth, notifications, other)).isEmpty();
  }

  @Test
  void acrossOrganizationsNobodyIsNotified(
      Plinth plinth, Notifications notifications, Organization acme, Member alice) {
    assertNotFound(
        () ->
            plinth
                .asSystem("test")
                .run(
                    tx ->
                        tx.dsl()
                            .fetch("SELECT plinth_base.notify_user(?, 'a', 'A')", alice.userId())));
  }

  @Test
  void aUserIsToldOnceForAKey(
      Plinth plinth, Notifications notifications, Organization acme, Member alice, Member bob) {
    Optional<UUID> first =
        notify(plinth, notifications, alice, news(bob, "Overdue").onceFor("overdue:1"));
    Optional<UUID> again =
        notify(plinth, notifications, alice, news(bob, "Overdue again").onceFor("overdue:1"));
    Optional<UUID> another =
        notify(plinth, notifications, alice, news(bob, "Overdue").onceFor("overdue:2"));
    Optional<UUID> mine =
        notify(plinth, notifications, alice, news(alice, "Overdue").onceFor("overdue:1"));

    assertThat(first).isPresent();
    assertThat(again).isEmpty();
    assertThat(another).isPresent();
    assertThat(mine).isPresent();
    assertThat(all(plinth, notifications, bob))
        .extracting(Notification::title)
        .containsExactly("Overdue", "Overdue");
  }

  @Test
  void withoutAKeyAUserIsToldEveryTime(
      Plinth plinth, Notifications notifications, Organization acme, Member alice, Member bob) {
    notify(plinth, notifications, alice, news(bob, "Hello"));
    notify(plinth, notifications, alice, news(bob, "Hello"));

    assertThat(all(plinth, notifications, bob)).hasSize(2);
  }

  @Test
  void ofEightWhoTellTheSameAtOnceOneIsStored(
      Plinth plinth, Notifications notifications, Organization acme, Member alice, Member bob)
      throws Exception {
    List<Boolean> stored =
        AtOnce.run(
            8,
            together ->
                plinth
                    .as(alice)
                    .call(
                        tx -> {
                          together.await();
                          return notifications
                              .notify(tx, news(bob, "Overdue").onceFor("overdue:1"))
                              .isPresent();
                        }));

    assertThat(stored).filteredOn(one -> one).hasSize(1);
    assertThat(all(plinth, notifications, bob)).hasSize(1);
  }

  @Test
  void unreadComesFirstThenTheNewestPageByPage(
      Plinth plinth,
      Notifications notifications,
      Organization acme,
      Member alice,
      Member bob,
      Member carol) {
    List<UUID> ids = new ArrayList<>();
    for (String title : List.of("one", "two", "three", "four", "five")) {
      ids.add(notify(plinth, notifications, alice, news(bob, title)).orElseThrow());
    }
    plinth.as(bob).run(tx -> notifications.markRead(tx, ids.get(4)));
    plinth.as(bob).run(tx -> notifications.markRead(tx, ids.get(1)));

    List<String> titles = new ArrayList<>();
    PageRequest request = PageRequest.first(2);
    Page<Notification> page = page(plinth, notifications, bob, request);
    String cursor = page.next().orElseThrow();
    while (true) {
      page.items().forEach(notification -> titles.add(notification.title()));
      if (page.next().isEmpty()) {
        break;
      }
      page = page(plinth, notifications, bob, PageRequest.after(page.next().get(), 2));
    }

    assertThat(titles).containsExactly("four", "three", "one", "five", "two");
    assertThatExceptionOfType(InvalidCursorException.class)
        .isThrownBy(() -> page(plinth, notifications, carol, PageRequest.after(cursor, 2)));
  }

  @Test
  void whatIsMarkedReadIsCountedNoMoreAndKeepsItsTime(
      Plinth plinth,
      Notifications notifications,
      SettableClock clock,
      Organization acme,
      Member alice,
      Member bob) {
    Instant then = Instant.parse("2031-03-30T01:30:00Z");
    clock.freezeAt(then);
    try {
      UUID first = notify(plinth, notifications, alice, news(bob, "one")).orElseThrow();
      notify(plinth, notifications, alice, news(bob, "two"));
      notify(plinth, notifications, alice, news(bob, "three"));
      notify(plinth, notifications, alice, news(alice, "mine"));

      plinth.as(bob).run(tx -> notifications.markRead(tx, first));
      int afterOne = plinth.as(bob).read(tx -> notifications.unreadCount(tx));
      clock.advance(Duration.ofHours(1));
      Notification again = plinth.as(bob).call(tx -> notifications.markRead(tx, first));
      int marked = plinth.as(bob).call(tx -> notifications.markAllRead(tx));
      int afterAll = plinth.as(bob).read(tx -> notifications.unreadCount(tx));
      int others = plinth.as(alice).read(tx -> notifications.unreadCount(tx));

      assertThat(List.of(afterOne, marked, afterAll, others)).containsExactly(2, 2, 0, 1);
      assertThat(again.readAt()).contains(then);
    } finally {
      clock.reset();
    }
  }

  @Test
  void whereNoUserActsThereIsNothingToRead(
      Plinth plinth, Notifications notifications, Organization acme, Member alice) {
    assertDenied(
        () ->
            plinth
                .asService(acme.id(), "job")
                .read(tx -> notifications.list(tx, PageRequest.first(1))));
    assertDenied(
        () -> plinth.asService(acme.id(), "job").read(tx -> notifications.unreadCount(tx)));
    assertDenied(
        () -> plinth.asService(acme.id(), "job").call(tx -> notifications.markAllRead(tx)));
  }

  @Test
  void whatWasReadLongAgoIsDeletedInBatchesAndTheRestStays(
      Plinth plinth,
      Notifications notifications,
      SettableClock clock,
      Organization acme,
      Member alice,
      Organization globex,
      Member bob) {
    Instant then = Instant.parse("2031-01-01T00:00:00Z");
    clock.freezeAt(then);
    try {
      plinth.asSystem("other tests").run(tx -> notifications.deleteReadBefore(tx, then, 10_000));
      for (int i = 0; i < 3; i++) {
        notify(plinth, notifications, alice, news(alice, "old").onceFor("old:" + i));
      }
      notify(plinth, notifications, bob, news(bob, "old"));
      plinth.as(alice).run(tx -> notifications.markAllRead(tx));
      plinth.as(bob).run(tx -> notifications.markAllRead(tx));
      notify(plinth, notifications, alice, news(alice, "unread"));
      clock.advance(Duration.ofDays(20));
      UUID later = notify(plinth, notifications, alice, news(alice, "later")).orElseThrow();
      plinth.as(alice).run(tx -> notifications.markRead(tx, later));
      clock.advance(Duration.ofDays(11));

      List<Integer> deleted = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        deleted.add(
            plinth
                .asSystem("retention")
                .call(
                    tx ->
                        notifications.deleteReadBefore(
                            tx, tx.now().minus(Notifications.RETENTION), 3)));
      }

      assertThat(deleted).containsExactly(3, 1, 0);
      assertThat(all(plinth, notifications, alice))
          .extracting(Notification::title)
          .containsExactly("unread", "later");
      assertThat(all(plinth, notifications, bob)).isEmpty();
      assertThat(notify(plinth, notifications, alice, news(alice, "new").onceFor("old:1")))
          .isPresent();
    } finally {
      clock.reset();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 10_001})
  void aBatchOfNoSizeIsRefused(int limit, Plinth plinth, Notifications notifications) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(
            () ->
                plinth
                    .asSystem("test")
                    .call(tx -> notifications.deleteReadBefore(tx, tx.now(), limit)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "Loud", "9lives", "a b", "ä"})
  void aTypeThatIsNoneIsRefused(String type) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> NewNotification.of(UUID.randomUUID(), type, "Hello"));
  }

  @Test
  void textsThatAreTooLongOrBlankAreRefused() {
    NewNotification fine = NewNotification.of(UUID.randomUUID(), "greeting", "Hello");

    assertInvalid(() -> NewNotification.of(UUID.randomUUID(), "greeting", " "));
    assertInvalid(() -> NewNotification.of(UUID.randomUUID(), "greeting", "x".repeat(201)));
    assertInvalid(() -> fine.message("x".repeat(5_001)));
    assertInvalid(() -> fine.message("a\u0000b"));
    assertInvalid(() -> fine.onceFor(""));
    assertInvalid(() -> fine.onceFor("x".repeat(201)));
    assertInvalid(() -> fine.about(" ", UUID.randomUUID()));
  }

  @Test
  void manyAreToldByOneStatementAndOnlyWhoMayBe(
      Plinth plinth,
      Notifications notifications,
      Members members,
      Organization acme,
      Member alice,
      Member bob,
      Member gone,
      @Role(MemberRole.VIEWER) Member eve,
      Organization globex,
      Member carol) {
    plinth.as(alice).run(tx -> members.remove(tx, gone.userId(), gone.version()));
    UUID[] users = {bob.userId(), eve.userId(), gone.userId(), carol.userId(), UUID.randomUUID()};
    String tell =
        "SELECT plinth_base.notify_users(?, 'shipped', 'Shipped', p_dedup_key => 'shipped')";

    int first = plinth.as(alice).call(tx -> told(tx, tell, users));
    int again = plinth.as(alice).call(tx -> told(tx, tell, users));

    assertThat(first).isEqualTo(2);
    assertThat(again).isZero();
    assertThat(all(plinth, notifications, bob)).extracting("title").containsExactly("Shipped");
    assertThat(all(plinth, notifications, carol)).isEmpty();
    assertDenied(() -> plinth.as(eve).run(tx -> told(tx, tell, users)));
  }

  private static int told(TenantTx tx, String tell, UUID[] users) {
    return tx.dsl().fetchSingle(tell, (Object) users).get(0, Integer.class);
  }

  private static NewNotification news(Member member, String title) {
    return NewNotification.of(member.userId(), "test.news", title);
  }

  private static Optional<UUID> notify(
      Plinth plinth, Notifications notifications, Member as, NewNotification notification) {
    return plinth.as(as).call(tx -> notifications.notify(tx, notification));
  }

  private static Page<Notification> page(
      Plinth plinth, Notifications notifications, Member as, PageRequest request) {
    return plinth.as(as).read(tx -> notifications.list(tx, request));
  }

  private static List<Notification> all(Plinth plinth, Notifications notifications, Member as) {
    return page(plinth, notifications, as, PageRequest.first(100)).items();
  }

  private static void assertDenied(ThrowingCallable call) {
    assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(call);
  }

  private static void assertNotFound(ThrowingCallable call) {
    assertThatExceptionOfType(NotFoundException.class).isThrownBy(call);
  }

  private static void assertInvalid(ThrowingCallable call) {
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(call);
  }
}
