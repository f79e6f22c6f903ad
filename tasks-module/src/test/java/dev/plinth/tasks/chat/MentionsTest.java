package dev.plinth.tasks.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.ConstraintViolationException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.notification.Notification;
import dev.plinth.base.notification.Notifications;
import dev.plinth.base.notification.Subject;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.Listening;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.TestDatabase;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is told of a mention, and what other modules hear. */
@PlinthTest(TasksModule.class)
class MentionsTest {

  private Plinth plinth;
  private Messages messages;
  private Notifications notifications;
  private Member alice;
  private Member bob;
  private Member carol;
  private Channel general;
  private Conversation both;

  @BeforeEach
  void prepare(
      Plinth plinth,
      Channels channels,
      Conversations conversations,
      Messages messages,
      Notifications notifications,
      Organization acme,
      Member alice,
      Member bob,
      Member carol) {
    this.plinth = plinth;
    this.messages = messages;
    this.notifications = notifications;
    this.alice = alice;
    this.bob = bob;
    this.carol = carol;
    String name = "c-" + UUID.randomUUID();
    this.general = plinth.as(alice).call(tx -> channels.create(tx, NewChannel.named(name)));
    this.both = plinth.as(alice).call(tx -> conversations.open(tx, Set.of(bob.userId())));
  }

  @Test
  void whoIsMentionedIsToldWhereAndNotWhat(Organization acme, @Role(MemberRole.VIEWER) Member eve) {
    Message said =
        post(
            general.room(),
            NewMessage.saying("Hello").mentioning(bob.userId()).mentioning(eve.userId()));
    Message whispered = post(both.room(), NewMessage.saying("A secret").mentioning(bob.userId()));

    assertThat(said.mentions()).containsExactlyInAnyOrder(bob.userId(), eve.userId());
    assertThat(told(bob))
        .extracting(Notification::title)
        .containsExactly("A private conversation", '#' + general.name());
    assertThat(told(bob)).extracting(Notification::message).containsOnly("");
    assertThat(told(bob).get(0).subject()).contains(new Subject("chat_message", whispered.id()));
    assertThat(told(eve)).hasSize(1);
    assertThat(told(carol)).isEmpty();
  }

  @Test
  void whoMentionsOneselfIsNotTold() {
    post(general.room(), NewMessage.saying("Me").mentioning(alice.userId()));

    assertThat(told(alice)).isEmpty();
  }

  @Test
  void anEditTellsWhoIsMentionedForTheFirstTime() {
    Message said = post(general.room(), NewMessage.saying("Hello").mentioning(bob.userId()));
    MessageText both =
        MessageText.of("Hello both").mentioning(bob.userId()).mentioning(carol.userId());

    Message edited = plinth.as(alice).call(tx -> messages.edit(tx, said.id(), 1, both));
    plinth.as(alice).run(tx -> messages.edit(tx, said.id(), edited.version(), both));

    assertThat(told(bob)).hasSize(1);
    assertThat(told(carol)).hasSize(1);
  }

  @Test
  void nobodyIsToldOfWhatIsRolledBack() {
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          messages.post(
                              tx,
                              general.room(),
                              NewMessage.saying("Hello").mentioning(bob.userId()));
                          throw new IllegalStateException("host fails");
                        }))
        .hasMessage("host fails");

    assertThat(told(bob)).isEmpty();
  }

  @Test
  void onlyWhoMaySeeAMessageIsMentioned(Organization globex, Member mallory) {
    NewMessage carols = NewMessage.saying("About you").mentioning(carol.userId());
    NewMessage mallorys = NewMessage.saying("About you").mentioning(mallory.userId());

    assertThatThrownBy(() -> post(both.room(), carols)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> post(both.room(), mallorys)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> post(general.room(), mallorys)).isInstanceOf(NotFoundException.class);
    assertThat(told(carol)).isEmpty();
    assertThat(told(mallory)).isEmpty();
  }

  @Test
  void byHandToo(Organization globex, Member mallory) {
    String sql =
        "INSERT INTO plinth_tasks.chat_messages (organization_id, %s, body, mention_ids)"
            + " SELECT plinth_base.current_organization_id(), ?, 'x', ?";
    UUID[] carols = {carol.userId()};
    UUID[] mallorys = {mallory.userId()};

    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx ->
                            tx.dsl().execute(sql.formatted("conversation_id"), both.id(), carols)))
        .isInstanceOf(ConstraintViolationException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx ->
                            tx.dsl().execute(sql.formatted("channel_id"), general.id(), mallorys)))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aHundredMentionsAreEnough() {
    Set<UUID> many =
        Stream.generate(UUID::randomUUID).limit(101).collect(Collectors.toUnmodifiableSet());

    assertThatThrownBy(() -> new MessageText("All", many))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void modulesHearOfItByIdsOnly(TestDatabase database) {
    Listening listening = new Listening();
    Plinth heard =
        Plinth.builder().dataSource(database.host()).modules(new TasksModule(), listening).build();
    NewMessage secret = NewMessage.saying("A secret");
    Message said = heard.as(alice).call(tx -> messages.post(tx, both.room(), secret));
    heard.as(alice).run(tx -> messages.edit(tx, said.id(), 1, MessageText.of("Another")));
    heard.as(alice).run(tx -> messages.delete(tx, said.id(), 2));

    UUID organization = alice.organizationId();
    assertThat(listening.heard())
        .containsExactly(
            new MessagePosted(organization, both.room(), said.id()),
            new MessageEdited(organization, both.room(), said.id()),
            new MessageDeleted(organization, both.room(), said.id()));
    assertThat(listening.heard().toString()).doesNotContain("secret", bob.userId().toString());
  }

  private Message post(Room room, NewMessage message) {
    return plinth.as(alice).call(tx -> messages.post(tx, room, message));
  }

  private List<Notification> told(Member who) {
    return plinth.as(who).read(tx -> notifications.list(tx, PageRequest.first(10))).items();
  }
}
