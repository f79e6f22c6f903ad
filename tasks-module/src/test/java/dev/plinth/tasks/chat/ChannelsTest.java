package dev.plinth.tasks.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PlinthTest(TasksModule.class)
class ChannelsTest {

  private static final PageRequest PAGE = PageRequest.first(10);

  private Plinth plinth;
  private Channels channels;
  private Messages messages;
  private Member alice;
  private Member bob;
  private Member eve;
  private Channel general;

  @BeforeEach
  void prepare(
      Plinth plinth,
      Channels channels,
      Messages messages,
      Organization acme,
      Member alice,
      Member bob,
      @Role(MemberRole.VIEWER) Member eve) {
    this.plinth = plinth;
    this.channels = channels;
    this.messages = messages;
    this.alice = alice;
    this.bob = bob;
    this.eve = eve;
    this.general =
        plinth
            .as(bob)
            .call(tx -> channels.create(tx, NewChannel.named("general").topic("Everything")));
  }

  @Test
  void everyMemberSeesAChannelAndItsMakerFollowsIt() {
    Channel seen = plinth.as(eve).read(tx -> channels.get(tx, general.id()));
    Channel named = plinth.as(eve).read(tx -> channels.findByName(tx, "general")).orElseThrow();
    Page<ChannelMember> members =
        plinth.as(eve).read(tx -> channels.members(tx, general.id(), PAGE));

    assertThat(seen).isEqualTo(general).isEqualTo(named);
    assertThat(seen.createdBy()).contains(bob.userId());
    assertThat(members.items())
        .extracting(ChannelMember::userId, ChannelMember::displayName)
        .containsExactly(tuple(bob.userId(), "bob"));
  }

  @Test
  void aNameIsTakenAlsoByAnArchivedChannel() {
    plinth.as(bob).run(tx -> channels.archive(tx, general.id(), 1));

    assertThatThrownBy(
            () -> plinth.as(bob).run(tx -> channels.create(tx, NewChannel.named("general"))))
        .isInstanceOfSatisfying(
            ConflictException.class, e -> assertThat(e.what()).isEqualTo("name"));
    assertThatThrownBy(() -> NewChannel.named("Not a slug"))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void itsMakerAndWhoAdministersChangeAChannelAndNobodyElse(Organization acme, Member carol) {
    ChannelChanges renaming = ChannelChanges.none().name("all").topic("News");

    Channel renamed = plinth.as(bob).call(tx -> channels.update(tx, general.id(), 1, renaming));
    Channel archived = plinth.as(alice).call(tx -> channels.archive(tx, general.id(), 2));

    assertThat(renamed.name()).isEqualTo("all");
    assertThat(renamed.topic()).isEqualTo("News");
    assertThat(archived.archivedAt()).isPresent();
    for (Member other : List.of(carol, eve)) {
      assertThatThrownBy(() -> plinth.as(other).run(tx -> channels.reopen(tx, general.id(), 3)))
          .isInstanceOf(AccessDeniedException.class);
    }
    String byHand = "UPDATE plinth_tasks.chat_channels SET topic = 'Mine'";
    assertThatThrownBy(() -> plinth.as(carol).run(tx -> tx.dsl().execute(byHand)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> channels.reopen(tx, general.id(), 1)))
        .isInstanceOf(StaleVersionException.class);
  }

  @Test
  void anArchivedChannelIsReadAndNotWritten() {
    plinth.as(bob).run(tx -> messages.post(tx, general.room(), NewMessage.saying("Bye")));
    plinth.as(bob).run(tx -> channels.archive(tx, general.id(), 1));
    String byHand =
        "INSERT INTO plinth_tasks.chat_messages (organization_id, channel_id, body)"
            + " SELECT plinth_base.current_organization_id(), ?, 'x'";

    assertThatThrownBy(
            () ->
                plinth
                    .as(bob)
                    .run(tx -> messages.post(tx, general.room(), NewMessage.saying("More"))))
        .isInstanceOf(IllegalTransitionException.class);
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().execute(byHand, general.id())))
        .isInstanceOf(IllegalTransitionException.class);
    Page<Message> read = plinth.as(bob).read(tx -> messages.list(tx, general.room(), PAGE));
    assertThat(read.items()).hasSize(1);

    plinth.as(bob).run(tx -> channels.reopen(tx, general.id(), 2));
    plinth.as(bob).run(tx -> messages.post(tx, general.room(), NewMessage.saying("Back")));
  }

  @Test
  void aViewerFollowsAndReadsAndDoesNotWrite() {
    plinth.as(eve).run(tx -> channels.join(tx, general.id()));
    plinth.as(eve).run(tx -> channels.join(tx, general.id()));
    plinth.as(bob).run(tx -> messages.post(tx, general.room(), NewMessage.saying("Hello")));

    Unread read = plinth.as(eve).call(tx -> messages.markRead(tx, general.room(), 1));

    assertThat(read).isEqualTo(new Unread(general.room(), 1, 0));
    assertThatThrownBy(
            () -> plinth.as(eve).run(tx -> channels.create(tx, NewChannel.named("mine"))))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(eve)
                    .run(tx -> messages.post(tx, general.room(), NewMessage.saying("Me too"))))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void messagesAreNoChangeOfTheirChannel() {
    plinth.as(alice).run(tx -> messages.post(tx, general.room(), NewMessage.saying("Hello")));

    Channel after = plinth.as(bob).read(tx -> channels.get(tx, general.id()));

    assertThat(after.version()).isEqualTo(1);
    assertThat(after.updatedAt()).isEqualTo(general.updatedAt());
    assertThat(after.lastSequence()).isEqualTo(1);
  }

  @Test
  void aServiceMakesChannelsAndFollowsNone(Organization acme) {
    Channel made =
        plinth
            .asService(acme.id(), "setup")
            .call(tx -> channels.create(tx, NewChannel.named("alerts")));

    assertThat(made.createdBy()).isEmpty();
    assertThatThrownBy(
            () -> plinth.asService(acme.id(), "setup").run(tx -> channels.join(tx, made.id())))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void channelsAreListedByNameInPagesAndOthersAreNotFound(Organization globex, Member mallory) {
    for (String name : List.of("zebra", "ants")) {
      plinth.as(bob).run(tx -> channels.create(tx, NewChannel.named(name)));
    }
    Page<Channel> first = plinth.as(bob).read(tx -> channels.list(tx, PageRequest.first(2)));
    Page<Channel> second =
        plinth
            .as(bob)
            .read(tx -> channels.list(tx, PageRequest.after(first.next().orElseThrow(), 2)));

    assertThat(first.items()).extracting(Channel::name).containsExactly("ants", "general");
    assertThat(second.items()).extracting(Channel::name).containsExactly("zebra");
    assertThatThrownBy(() -> plinth.as(mallory).read(tx -> channels.get(tx, general.id())))
        .isInstanceOf(NotFoundException.class);
  }
}
