package dev.plinth.tasks.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much is unread: what one may see, of others, that came after the own mark and is there. */
@PlinthTest(TasksModule.class)
class UnreadTest {

  private Plinth plinth;
  private Channels channels;
  private Messages messages;
  private Organization acme;
  private Member alice;
  private Member bob;
  private Member carol;
  private Room general;
  private Room both;

  @BeforeEach
  void prepare(
      Plinth plinth,
      Channels channels,
      Conversations conversations,
      Messages messages,
      Organization acme,
      Member alice,
      Member bob,
      Member carol) {
    this.plinth = plinth;
    this.channels = channels;
    this.messages = messages;
    this.acme = acme;
    this.alice = alice;
    this.bob = bob;
    this.carol = carol;
    String name = "c-" + UUID.randomUUID();
    this.general = plinth.as(alice).call(tx -> channels.create(tx, NewChannel.named(name))).room();
    plinth.as(bob).run(tx -> channels.join(tx, general.id()));
    this.both = plinth.as(alice).call(tx -> conversations.open(tx, Set.of(bob.userId()))).room();
    plinth
        .as(bob)
        .run(tx -> messages.markRead(tx, both, conversations.get(tx, both.id()).lastSequence()));
  }

  @Test
  void whatOthersSaidIsUnreadAndWhatOneSaidOneselfIsNot() {
    post(alice, general);
    post(alice, both);
    post(bob, both);

    assertThat(unread(bob, general)).isEqualTo(1);
    assertThat(unread(bob, both)).isEqualTo(1);
    assertThat(unread(alice, general)).isZero();
    assertThat(unread(alice, both)).isEqualTo(1);
  }

  @Test
  void whatIsEditedIsNotUnreadAgainAndWhatIsDeletedIsNotUnread() {
    Message read = post(alice, general);
    plinth.as(bob).run(tx -> messages.markRead(tx, general, read.sequence()));
    Message unread = post(alice, general);

    plinth.as(alice).run(tx -> messages.edit(tx, read.id(), 1, MessageText.of("Other")));
    assertThat(unread(bob, general)).isEqualTo(1);

    plinth.as(alice).run(tx -> messages.delete(tx, unread.id(), 1));
    assertThat(unread(bob, general)).isZero();

    plinth.as(alice).run(tx -> messages.delete(tx, read.id(), 2));
    assertThat(unread(bob, general)).isZero();
  }

  @Test
  void whoJoinsBeginsAtTheEnd() {
    post(alice, general);
    plinth.as(carol).run(tx -> channels.join(tx, general.id()));
    assertThat(unread(carol, general)).isZero();

    post(alice, general);
    assertThat(unread(carol, general)).isEqualTo(1);

    plinth.as(carol).run(tx -> channels.leave(tx, general.id()));
    assertThat(rooms(carol)).doesNotContain(general);

    post(alice, general);
    plinth.as(carol).run(tx -> channels.join(tx, general.id()));
    assertThat(unread(carol, general)).isZero();
  }

  @Test
  void othersCountNothingOfAConversation() {
    post(alice, both);

    assertThat(rooms(carol)).doesNotContain(both);
    assertThat(rooms(bob)).contains(general, both);
    assertThatThrownBy(
            () ->
                plinth
                    .asService(acme.id(), "job")
                    .run(tx -> messages.unread(tx, PageRequest.first(10))))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aMarkNeverGoesBackAndNeverBeyondTheLastMessage() {
    post(alice, general);
    post(alice, general);

    Unread all = plinth.as(bob).call(tx -> messages.markRead(tx, general, 2));
    Unread back = plinth.as(bob).call(tx -> messages.markRead(tx, general, 1));

    assertThat(all).isEqualTo(new Unread(general, 2, 0)).isEqualTo(back);
    for (long wrong : new long[] {-1, 3}) {
      assertThatThrownBy(() -> plinth.as(bob).run(tx -> messages.markRead(tx, general, wrong)))
          .isInstanceOf(InvalidValueException.class);
    }
    String byHand = "UPDATE plinth_tasks.chat_reads SET last_read_sequence = 0 WHERE room_id = ?";
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().execute(byHand, general.id())))
        .isInstanceOf(IllegalTransitionException.class);
  }

  @Test
  void roomsComeInPages() {
    for (int i = 0; i < 3; i++) {
      String name = "more-" + UUID.randomUUID();
      plinth.as(carol).run(tx -> channels.create(tx, NewChannel.named(name)));
    }
    List<Room> rooms = rooms(carol);
    Page<Unread> first = plinth.as(carol).read(tx -> messages.unread(tx, PageRequest.first(2)));
    PageRequest next = PageRequest.after(first.next().orElseThrow(), 10);
    Page<Unread> second = plinth.as(carol).read(tx -> messages.unread(tx, next));
    List<Room> paged = new ArrayList<>();
    first.items().forEach(unread -> paged.add(unread.room()));
    second.items().forEach(unread -> paged.add(unread.room()));

    assertThat(rooms).hasSize(3).isEqualTo(paged);
  }

  /** Against what a reader finds by listing the room. */
  @Test
  void afterAnyStepTheCountIsWhatAReaderFinds() {
    Random random = new Random(4711);
    List<Message> said = new ArrayList<>();
    for (int step = 0; step < 200; step++) {
      Member who = random.nextBoolean() ? alice : bob;
      switch (random.nextInt(4)) {
        case 0, 1 -> said.add(post(who, general));
        case 2 -> deleteAny(said, random);
        default -> {
          long upTo = said.isEmpty() ? 0 : random.nextInt(said.size()) + 1;
          plinth.as(bob).run(tx -> messages.markRead(tx, general, upTo));
        }
      }
      assertThat(unread(bob, general)).isEqualTo(found(bob));
    }
  }

  private void deleteAny(List<Message> said, Random random) {
    if (!said.isEmpty()) {
      Message any = said.get(random.nextInt(said.size()));
      plinth
          .as(alice)
          .run(
              tx -> {
                Message now = messages.get(tx, any.id());
                if (now.deletedAt().isEmpty()) {
                  messages.delete(tx, now.id(), now.version());
                }
              });
    }
  }

  private int found(Member who) {
    long mark = of(who, general).lastRead();
    List<Message> all =
        plinth.as(who).read(tx -> messages.list(tx, general, PageRequest.first(1000))).items();
    return (int)
        all.stream()
            .filter(message -> message.sequence() > mark && message.deletedAt().isEmpty())
            .filter(message -> !message.author().equals(Optional.of(who.userId())))
            .count();
  }

  private Message post(Member who, Room room) {
    return plinth.as(who).call(tx -> messages.post(tx, room, NewMessage.saying("Hello")));
  }

  private int unread(Member who, Room room) {
    return of(who, room).count();
  }

  private Unread of(Member who, Room room) {
    return plinth.as(who).read(tx -> messages.unread(tx, PageRequest.first(1000))).items().stream()
        .filter(unread -> unread.room().equals(room))
        .findFirst()
        .orElseThrow();
  }

  private List<Room> rooms(Member who) {
    return plinth.as(who).read(tx -> messages.unread(tx, PageRequest.first(1000))).items().stream()
        .map(Unread::room)
        .toList();
  }
}
