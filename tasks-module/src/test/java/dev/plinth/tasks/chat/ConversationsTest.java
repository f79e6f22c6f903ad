package dev.plinth.tasks.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.ConstraintViolationException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who converses with whom; that others see nothing of it, {@link PrivateConversationsTest} shows.
 */
@PlinthTest(TasksModule.class)
class ConversationsTest {

  private Plinth plinth;
  private Conversations conversations;
  private Messages messages;
  private Member bob;
  private Member carol;
  private Member dave;

  @BeforeEach
  void prepare(
      Plinth plinth,
      Conversations conversations,
      Messages messages,
      Organization acme,
      Member alice,
      Member bob,
      Member carol,
      Member dave) {
    this.plinth = plinth;
    this.conversations = conversations;
    this.messages = messages;
    this.bob = bob;
    this.carol = carol;
    this.dave = dave;
  }

  @Test
  void aSetOfParticipantsHasOneConversationWhoeverOpensIt() {
    Conversation first = open(bob, carol, dave);
    Conversation again = open(dave, bob, carol);
    Conversation two = open(bob, carol);

    assertThat(again).isEqualTo(first);
    assertThat(first.participants())
        .containsExactlyInAnyOrder(bob.userId(), carol.userId(), dave.userId());
    assertThat(first.createdBy()).isEqualTo(bob.userId());
    assertThat(two.id()).isNotEqualTo(first.id());
  }

  @Test
  void ofManyWhoOpenItAtOnceAllGetTheSame() throws Exception {
    List<Member> members = List.of(bob, carol, dave);
    CyclicBarrier together = new CyclicBarrier(9);
    ExecutorService executor = Executors.newFixedThreadPool(9);
    try {
      List<Callable<UUID>> calls = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        Member member = members.get(i % 3);
        calls.add(
            () -> {
              together.await();
              return open(member, bob, carol, dave).id();
            });
      }
      Set<UUID> opened = new HashSet<>();
      for (Future<UUID> call : executor.invokeAll(calls)) {
        opened.add(call.get());
      }
      assertThat(opened).hasSize(1);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void nobodyConversesAloneOrWithStrangersOrWithTheWholeTown(
      Organization acme,
      @Role(MemberRole.VIEWER) Member eve,
      Member left,
      Organization globex,
      Member mallory) {
    plinth.as(left).run(tx -> plinth.members().remove(tx, left.userId(), left.version()));
    Set<UUID> town =
        Stream.generate(UUID::randomUUID).limit(50).collect(Collectors.toUnmodifiableSet());

    assertThatThrownBy(() -> open(bob)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> open(bob, bob)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> conversations.open(tx, town)))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> open(bob, left)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> open(bob, carol, mallory)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> open(eve, bob)).isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .asService(acme.id(), "job")
                    .run(tx -> conversations.open(tx, Set.of(bob.userId()))))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aSetWrittenByHandIsCanonicalAndOfMembers(Organization globex, Member mallory) {
    String open =
        "INSERT INTO plinth_tasks.chat_conversations (organization_id, participant_ids)"
            + " SELECT plinth_base.current_organization_id(), ?";
    List<UUID> two =
        Stream.of(bob.userId(), carol.userId())
            .sorted((one, other) -> one.toString().compareTo(other.toString()))
            .toList();
    UUID low = two.get(0);
    UUID high = two.get(1);

    for (UUID[] wrong :
        List.of(new UUID[] {high, low}, new UUID[] {low, low, high}, new UUID[] {bob.userId()})) {
      assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().execute(open, (Object) wrong)))
          .isInstanceOf(ConstraintViolationException.class);
    }
    UUID[] strangers =
        Stream.of(bob.userId(), mallory.userId())
            .sorted((one, other) -> one.toString().compareTo(other.toString()))
            .toArray(UUID[]::new);
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().execute(open, (Object) strangers)))
        .isInstanceOf(NotFoundException.class);
    open(bob, carol);
    UUID[] again = {low, high};
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().execute(open, (Object) again)))
        .isInstanceOf(ConflictException.class);
  }

  @Test
  void theOneWithTheNewestMessageComesFirstInPages() {
    Conversation first = open(bob, carol);
    Conversation second = open(bob, dave);
    Conversation third = open(bob, carol, dave);
    open(carol, dave);
    plinth.as(carol).run(tx -> messages.post(tx, first.room(), NewMessage.saying("Hi")));

    Page<Conversation> page =
        plinth.as(bob).read(tx -> conversations.list(tx, PageRequest.first(2)));
    Page<Conversation> rest =
        plinth
            .as(bob)
            .read(tx -> conversations.list(tx, PageRequest.after(page.next().orElseThrow(), 2)));

    assertThat(page.items()).extracting(Conversation::id).containsExactly(first.id(), third.id());
    assertThat(rest.items()).extracting(Conversation::id).containsExactly(second.id());
  }

  private Conversation open(Member who, Member... others) {
    Set<UUID> users = Stream.of(others).map(Member::userId).collect(Collectors.toSet());
    return plinth.as(who).call(tx -> conversations.open(tx, users));
  }
}
