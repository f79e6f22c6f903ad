package dev.plinth.tasks.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConstraintViolationException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PlinthTest(TasksModule.class)
class MessagesTest {

  private static final PageRequest PAGE = PageRequest.first(10);
  private static final FileReference PLAN =
      new FileReference("plan.pdf", "https://files.example.org/plan.pdf");

  private Plinth plinth;
  private Messages messages;
  private Organization acme;
  private Member alice;
  private Member bob;
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
      Member bob) {
    this.plinth = plinth;
    this.messages = messages;
    this.acme = acme;
    this.alice = alice;
    this.bob = bob;
    String name = "c-" + UUID.randomUUID();
    this.general = plinth.as(alice).call(tx -> channels.create(tx, NewChannel.named(name))).room();
    this.both = plinth.as(alice).call(tx -> conversations.open(tx, Set.of(bob.userId()))).room();
  }

  @Test
  void whatIsSaidIsOfWhoActsAndNumberedInItsRoom() {
    Message first = post(bob, general, NewMessage.saying("Hello"));
    Message second = post(alice, general, NewMessage.file(PLAN));

    assertThat(first.author()).contains(bob.userId());
    assertThat(first.authorName()).contains("bob");
    assertThat(first.type()).isEqualTo(MessageType.TEXT);
    assertThat(first.sequence()).isEqualTo(1);
    assertThat(second.type()).isEqualTo(MessageType.FILE);
    assertThat(second.file()).contains(PLAN);
    assertThat(second.sequence()).isEqualTo(2);
  }

  @Test
  void aServiceSaysWhatNoMemberCanAndNothingInPrivate() {
    Message said =
        plinth
            .asService(acme.id(), "deploy")
            .call(tx -> messages.post(tx, general, NewMessage.saying("Deployed")));

    assertThat(said.type()).isEqualTo(MessageType.SYSTEM);
    assertThat(said.author()).isEmpty();
    assertThatThrownBy(
            () ->
                plinth
                    .asService(acme.id(), "deploy")
                    .run(tx -> messages.post(tx, general, NewMessage.file(PLAN))))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .asService(acme.id(), "deploy")
                    .run(tx -> messages.post(tx, both, NewMessage.saying("Psst"))))
        .isInstanceOf(NotFoundException.class);
    String forged =
        "INSERT INTO plinth_tasks.chat_messages (organization_id, channel_id, type, body)"
            + " SELECT plinth_base.current_organization_id(), ?, 'system', 'Deployed'";
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().execute(forged, general.id())))
        .isInstanceOf(ConstraintViolationException.class);
    assertThatThrownBy(
            () ->
                plinth.as(alice).run(tx -> messages.edit(tx, said.id(), 1, MessageText.of("Not"))))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void anEditKeepsWhatWasSaidBefore() {
    Message said = post(bob, general, NewMessage.saying("one"));
    Message twice = edit(bob, edit(bob, said, "two"), "three");

    assertThat(twice.body()).isEqualTo("three");
    assertThat(twice.editedAt()).isPresent();
    assertThat(twice.version()).isEqualTo(3);
    assertThat(history(alice, said))
        .extracting(MessageEdit::previousBody)
        .containsExactly("one", "two");
    assertThat(history(alice, said)).extracting(MessageEdit::editorId).containsOnly(bob.userId());
  }

  @Test
  void onlyTheAuthorEditsWhoeverAdministers() {
    Message said = post(bob, general, NewMessage.saying("mine"));
    String byHand = "UPDATE plinth_tasks.chat_messages SET body = 'yours' WHERE id = ?";

    assertThatThrownBy(() -> edit(alice, said, "yours")).isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(alice).run(tx -> tx.dsl().execute(byHand, said.id())))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(bob)
                    .run(tx -> messages.edit(tx, said.id(), 7, MessageText.of("mine too"))))
        .isInstanceOf(StaleVersionException.class);
    assertThatThrownBy(() -> edit(bob, said, " ")).isInstanceOf(InvalidValueException.class);
    assertThat(history(bob, said)).isEmpty();
  }

  @Test
  void ofADeletedMessageOnlyThePlaceIsLeft() {
    Message said = post(bob, general, NewMessage.file(PLAN).text(MessageText.of("look")));
    Message edited = edit(bob, said, "look here");

    Message gone = plinth.as(alice).call(tx -> messages.delete(tx, said.id(), edited.version()));

    assertThat(gone.body()).isEmpty();
    assertThat(gone.file()).isEmpty();
    assertThat(gone.mentions()).isEmpty();
    assertThat(gone.deletedAt()).isPresent();
    assertThat(gone.deletedBy()).contains(alice.userId());
    assertThat(gone.author()).contains(bob.userId());
    assertThat(history(bob, said)).isEmpty();
    assertThat(list(bob, general)).containsExactly(gone);
    assertThatThrownBy(() -> edit(bob, gone, "back"))
        .isInstanceOf(IllegalTransitionException.class);
    String byHand = "UPDATE plinth_tasks.chat_messages SET deleted_at = NULL WHERE id = ?";
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().execute(byHand, said.id())))
        .isInstanceOf(IllegalTransitionException.class);
  }

  @Test
  void aColleagueDeletesNothingOfOthers(Organization acme, Member carol) {
    Message said = post(bob, general, NewMessage.saying("mine"));

    assertThatThrownBy(() -> plinth.as(carol).run(tx -> messages.delete(tx, said.id(), 1)))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void nobodyShortensOrForgesAHistory() {
    Message said = post(bob, general, NewMessage.saying("one"));
    edit(bob, said, "two");
    String shorten = "DELETE FROM plinth_tasks.chat_message_edits";
    String forge =
        "INSERT INTO plinth_tasks.chat_message_edits (organization_id, message_id, previous_body)"
            + " SELECT organization_id, id, 'zero' FROM plinth_tasks.chat_messages";

    for (Member member : List.of(alice, bob)) {
      assertThatThrownBy(() -> plinth.as(member).run(tx -> tx.dsl().execute(shorten)))
          .isInstanceOf(AccessDeniedException.class);
      assertThatThrownBy(() -> plinth.as(member).run(tx -> tx.dsl().execute(forge)))
          .isInstanceOf(AccessDeniedException.class);
    }
    assertThat(history(bob, said)).hasSize(1);
  }

  @Test
  void answersMakeAThreadOfOneRoom() {
    Message first = post(bob, both, NewMessage.saying("Lunch?"));
    Message answer = post(alice, both, NewMessage.saying("Yes").inReplyTo(first.id()));
    Message more = post(bob, both, NewMessage.saying("12:30").inReplyTo(answer.id()));
    post(bob, both, NewMessage.saying("By the way"));

    Page<Message> thread = plinth.as(alice).read(tx -> messages.thread(tx, first.id(), PAGE));

    assertThat(thread.items()).containsExactly(answer, more);
    assertThat(more.replyTo()).hasValue(first.sequence());
    NewMessage elsewhere = NewMessage.saying("Yes").inReplyTo(first.id());
    assertThatThrownBy(() -> post(alice, general, elsewhere)).isInstanceOf(NotFoundException.class);
  }

  @Test
  void messagesAreListedNewestFirstInPages() {
    for (int i = 1; i <= 5; i++) {
      post(bob, general, NewMessage.saying("message " + i));
    }
    Page<Message> first =
        plinth.as(alice).read(tx -> messages.list(tx, general, PageRequest.first(3)));
    String cursor = first.next().orElseThrow();
    Page<Message> second =
        plinth.as(alice).read(tx -> messages.list(tx, general, PageRequest.after(cursor, 3)));

    assertThat(first.items()).extracting(Message::sequence).containsExactly(5L, 4L, 3L);
    assertThat(second.items()).extracting(Message::sequence).containsExactly(2L, 1L);
    assertThat(second.next()).isEmpty();
    assertThatThrownBy(
            () ->
                plinth.as(alice).read(tx -> messages.list(tx, both, PageRequest.after(cursor, 3))))
        .isInstanceOf(InvalidCursorException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10_001})
  void aTextSaysSomethingAndIsNoBook(int length) {
    String body = "x".repeat(length);

    assertThatThrownBy(() -> NewMessage.saying(body)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void aRefusedMessageTakesNoNumber() {
    String tooLong =
        "INSERT INTO plinth_tasks.chat_messages (organization_id, channel_id, body)"
            + " SELECT plinth_base.current_organization_id(), ?, repeat('x', 10001)";
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().execute(tooLong, general.id())))
        .isInstanceOf(ConstraintViolationException.class);

    assertThat(post(bob, general, NewMessage.saying("short")).sequence()).isEqualTo(1);
  }

  private Message post(Member who, Room room, NewMessage message) {
    return plinth.as(who).call(tx -> messages.post(tx, room, message));
  }

  private Message edit(Member who, Message message, String body) {
    return plinth
        .as(who)
        .call(tx -> messages.edit(tx, message.id(), message.version(), MessageText.of(body)));
  }

  private List<MessageEdit> history(Member who, Message message) {
    return plinth.as(who).read(tx -> messages.history(tx, message.id(), PAGE)).items();
  }

  private List<Message> list(Member who, Room room) {
    return plinth.as(who).read(tx -> messages.list(tx, room, PAGE)).items();
  }
}
