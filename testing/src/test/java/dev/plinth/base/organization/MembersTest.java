package dev.plinth.base.organization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConcurrentUpdateException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import dev.plinth.notes.NotesModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@PlinthTest(NotesModule.class)
class MembersTest {

  @Test
  void anAddedMemberCanWork(Plinth plinth, Members members, Organization acme, Member alice) {
    User bob = user(plinth, "bob");

    Member added =
        plinth
            .as(alice)
            .call(tx -> members.add(tx, NewMember.of(bob.id(), MemberRole.DEVELOPER, "Bob")));
    MemberRole role = plinth.as(added).call(tx -> tx.role());

    assertThat(role).isEqualTo(MemberRole.DEVELOPER);
    assertThat(added.displayName()).isEqualTo("Bob");
  }

  @Test
  void aMemberIsAddedOnce(
      Plinth plinth, Members members, Organization acme, Member alice, Member bob) {
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(
            () ->
                plinth
                    .as(alice)
                    .call(
                        tx ->
                            members.add(tx, NewMember.of(bob.userId(), MemberRole.VIEWER, "Bob"))))
        .satisfies(e -> assertThat(e.what()).isEqualTo("user"));
  }

  @Test
  void aUserWhoDoesNotExistIsNotAdded(
      Plinth plinth, Members members, Organization acme, Member alice) {
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(
            () ->
                plinth
                    .as(alice)
                    .call(
                        tx ->
                            members.add(
                                tx, NewMember.of(UUID.randomUUID(), MemberRole.VIEWER, "Nobody"))))
        .satisfies(e -> assertThat(e.what()).isEqualTo("user"));
  }

  @Test
  void whoLeftIsOutAndCanComeBack(
      Plinth plinth, Members members, Organization acme, Member alice, Member bob) {
    plinth.as(alice).run(tx -> members.remove(tx, bob.userId(), bob.version()));
    assertDenied(() -> plinth.as(bob).run(tx -> {}));
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> plinth.as(alice).call(tx -> members.get(tx, bob.userId())));

    Member back =
        plinth
            .as(alice)
            .call(tx -> members.add(tx, NewMember.of(bob.userId(), MemberRole.VIEWER, "Bob")));

    assertThat(back.leftAt()).isEmpty();
    MemberRole role = plinth.as(bob).call(tx -> tx.role());
    assertThat(role).isEqualTo(MemberRole.VIEWER);
  }

  @Test
  void anInactiveUserIsOutEverywhere(Plinth plinth, Organization acme, Member alice) {
    plinth.asSystem("test").call(tx -> plinth.users().setActive(tx, alice.userId(), false));

    assertDenied(() -> plinth.as(alice).run(tx -> {}));
  }

  @Test
  void onlyOwnersAndAdminsManageMembers(
      Plinth plinth,
      Members members,
      Organization acme,
      Member alice,
      @Role(MemberRole.DEVELOPER) Member bob,
      @Role(MemberRole.VIEWER) Member eve) {
    UUID stranger = user(plinth, "stranger").id();
    assertDenied(
        () ->
            plinth
                .as(bob)
                .call(tx -> members.add(tx, NewMember.of(stranger, MemberRole.VIEWER, "S"))));
    assertDenied(
        () ->
            plinth
                .as(bob)
                .call(tx -> members.changeRole(tx, eve.userId(), 1, MemberRole.DEVELOPER)));
    assertDenied(() -> plinth.as(bob).run(tx -> members.remove(tx, eve.userId(), 1)));
  }

  @Test
  void nobodyRaisesOneselfNotEvenByHandWrittenSql(
      Plinth plinth, Members members, Organization acme, Member alice, Member bob) {
    assertDenied(
        () -> plinth.as(bob).call(tx -> members.changeRole(tx, bob.userId(), 1, MemberRole.ADMIN)));
    assertDenied(
        () ->
            plinth
                .as(bob)
                .call(
                    tx ->
                        tx.dsl()
                            .execute(
                                "UPDATE plinth_base.organization_members SET role = 'owner'")));
  }

  @Test
  void anAdminMakesNoOwner(
      Plinth plinth,
      Members members,
      Organization acme,
      Member alice,
      @Role(MemberRole.ADMIN) Member bob) {
    assertDenied(
        () -> plinth.as(bob).call(tx -> members.changeRole(tx, bob.userId(), 1, MemberRole.OWNER)));
    assertDenied(
        () ->
            plinth
                .as(bob)
                .call(tx -> members.changeRole(tx, alice.userId(), 1, MemberRole.VIEWER)));
  }

  @Test
  void theLastOwnerStays(Plinth plinth, Members members, Organization acme, Member alice) {
    assertDenied(() -> plinth.as(alice).run(tx -> members.remove(tx, alice.userId(), 1)));
    assertDenied(
        () ->
            plinth
                .as(alice)
                .call(tx -> members.changeRole(tx, alice.userId(), 1, MemberRole.ADMIN)));
  }

  @RepeatedTest(5)
  void twoOwnersWhoLeaveAtOnceLeaveOneBehind(
      Plinth plinth,
      Members members,
      Organization acme,
      Member alice,
      @Role(MemberRole.ADMIN) Member bob)
      throws Exception {
    Member owner =
        plinth
            .as(alice)
            .call(tx -> members.changeRole(tx, bob.userId(), bob.version(), MemberRole.OWNER));
    CyclicBarrier together = new CyclicBarrier(2);

    List<Boolean> left =
        atOnce(
            () -> leaves(plinth, members, alice, together),
            () -> leaves(plinth, members, owner, together));

    assertThat(left).containsExactlyInAnyOrder(true, false);
  }

  @Test
  void anOldSnapshotDoesNotLetTheLastOwnerLeave(
      Plinth plinth,
      Members members,
      TestDatabase database,
      Organization acme,
      Member alice,
      @Role(MemberRole.ADMIN) Member bob)
      throws SQLException {
    Member owner =
        plinth
            .as(alice)
            .call(tx -> members.changeRole(tx, bob.userId(), bob.version(), MemberRole.OWNER));
    try (Connection later = database.host().getConnection()) {
      later.setAutoCommit(false);
      later.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      plinth.as(owner).join(later, tx -> members.get(tx, owner.userId()));
      plinth.as(alice).run(tx -> members.remove(tx, alice.userId(), alice.version()));

      assertThatExceptionOfType(ConcurrentUpdateException.class)
          .isThrownBy(
              () ->
                  plinth
                      .as(owner)
                      .join(
                          later,
                          tx -> {
                            members.remove(tx, owner.userId(), owner.version());
                            return 1;
                          }));
      later.rollback();
    }
    MemberRole role = plinth.as(owner).call(tx -> tx.role());
    assertThat(role).isEqualTo(MemberRole.OWNER);
  }

  private static boolean leaves(
      Plinth plinth, Members members, Member member, CyclicBarrier together) throws Exception {
    try {
      plinth
          .as(member)
          .run(
              tx -> {
                together.await();
                members.remove(tx, member.userId(), member.version());
              });
      return true;
    } catch (AccessDeniedException e) {
      return false;
    }
  }

  @Test
  void aMemberChangesTheOwnProfileOnly(
      Plinth plinth, Members members, Organization acme, Member alice, Member bob) {
    Member changed =
        plinth
            .as(bob)
            .call(
                tx ->
                    members.changeProfile(
                        tx, bob.userId(), bob.version(), "Bobby", "https://example.org/b.png"));

    assertThat(changed.displayName()).isEqualTo("Bobby");
    assertThat(changed.avatarUrl()).contains("https://example.org/b.png");
    assertThat(changed.version()).isEqualTo(bob.version() + 1);
    assertDenied(
        () -> plinth.as(bob).call(tx -> members.changeProfile(tx, alice.userId(), 1, "A", null)));
  }

  @Test
  void aStaleVersionIsRefused(
      Plinth plinth, Members members, Organization acme, Member alice, Member bob) {
    plinth.as(alice).call(tx -> members.changeRole(tx, bob.userId(), 1, MemberRole.ADMIN));

    assertThatExceptionOfType(StaleVersionException.class)
        .isThrownBy(
            () ->
                plinth
                    .as(alice)
                    .call(tx -> members.changeRole(tx, bob.userId(), 1, MemberRole.VIEWER)))
        .satisfies(e -> assertThat(e.expectedVersion()).isEqualTo(1));
  }

  @Test
  void membersComeInPages(
      Plinth plinth,
      Members members,
      Organization acme,
      Member alice,
      Organization globex,
      Member other) {
    List<UUID> expected = new ArrayList<>(List.of(alice.userId()));
    for (int i = 0; i < 4; i++) {
      UUID user = user(plinth, "member" + i).id();
      expected.add(user);
      plinth
          .as(alice)
          .run(tx -> members.add(tx, NewMember.of(user, MemberRole.DESIGNER, "Member")));
    }

    Page<Member> first = plinth.as(alice).read(tx -> members.list(tx, PageRequest.first(2)));
    String cursor = first.next().orElseThrow();
    Page<Member> second =
        plinth.as(alice).read(tx -> members.list(tx, PageRequest.after(cursor, 3)));

    List<UUID> seen = new ArrayList<>();
    first.items().forEach(member -> seen.add(member.userId()));
    second.items().forEach(member -> seen.add(member.userId()));
    assertThat(seen).containsExactlyElementsOf(expected);
    assertThat(second.next()).isEmpty();
    assertThatExceptionOfType(InvalidCursorException.class)
        .isThrownBy(
            () -> plinth.as(other).read(tx -> members.list(tx, PageRequest.after(cursor, 2))));
  }

  @Test
  void whatAModuleThrowsWhenItHearsOfAChangeUndoesTheChange(
      Plinth plinth,
      NotesModule notes,
      Members members,
      Organization acme,
      Member alice,
      Member bob) {
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .call(tx -> members.changeRole(tx, bob.userId(), 1, MemberRole.TESTER)))
        .hasMessage("no testers here");

    Member still = plinth.as(alice).call(tx -> members.get(tx, bob.userId()));
    assertThat(still.role()).isEqualTo(MemberRole.DEVELOPER);
    assertThat(notes.heard())
        .contains(new MemberChanged(acme.id(), bob.userId(), MemberRole.TESTER, true));
  }

  @Test
  void timesAreTheClocksAndAreReadBackAsTheyWereReturned(
      Plinth plinth,
      Members members,
      SettableClock clock,
      Organization acme,
      Member alice,
      Member bob) {
    Instant then = Instant.parse("2031-03-30T01:30:00.123456789Z");
    clock.freezeAt(then);
    try {
      Member changed =
          plinth.as(alice).call(tx -> members.changeRole(tx, bob.userId(), 1, MemberRole.VIEWER));
      Instant now = plinth.as(alice).call(tx -> tx.now());
      Member read = plinth.as(alice).read(tx -> members.get(tx, bob.userId()));

      assertThat(now).isEqualTo(Instant.parse("2031-03-30T01:30:00.123457Z"));
      assertThat(changed.updatedAt()).isEqualTo(now);
      assertThat(read).isEqualTo(changed);
    } finally {
      clock.reset();
    }
  }

  @SafeVarargs
  private static <T> List<T> atOnce(Callable<T>... calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(calls.length);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(List.of(calls))) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private static User user(Plinth plinth, String name) {
    return plinth.asSystem("test").call(tx -> plinth.users().create(tx, NewUser.named(name)));
  }

  private static void assertDenied(ThrowingCallable call) {
    assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(call);
  }
}
