package dev.plinth.tasks.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.PlinthException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.tenancy.TxAction;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bob and Carol talk; the owner, an admin, a colleague, the machinery and the system try to learn
 * of it: by the services, by SQL of their own, and by what errors tell.
 */
@PlinthTest(TasksModule.class)
class PrivateConversationsTest {

  private static final String SECRET = "the merger is on friday";
  private static final PageRequest PAGE = PageRequest.first(10);

  private Plinth plinth;
  private Conversations conversations;
  private Messages messages;
  private Organization acme;
  private Member owner;
  private Member admin;
  private Member bob;
  private Member carol;
  private Member dave;
  private Conversation both;
  private Message said;

  @BeforeEach
  void talk(
      Plinth plinth,
      Conversations conversations,
      Messages messages,
      Organization acme,
      Member owner,
      @Role(MemberRole.ADMIN) Member admin,
      Member bob,
      Member carol,
      Member dave) {
    this.plinth = plinth;
    this.conversations = conversations;
    this.messages = messages;
    this.acme = acme;
    this.owner = owner;
    this.admin = admin;
    this.bob = bob;
    this.carol = carol;
    this.dave = dave;
    this.both = plinth.as(bob).call(tx -> conversations.open(tx, Set.of(carol.userId())));
    this.said =
        plinth
            .as(bob)
            .call(
                tx -> {
                  NewMessage first = NewMessage.saying(SECRET).mentioning(carol.userId());
                  Message posted = messages.post(tx, both.room(), first);
                  MessageText later = first.text();
                  return messages.edit(
                      tx, posted.id(), 1, new MessageText(SECRET + " at noon", later.mentions()));
                });
  }

  @Test
  void theParticipantsSeeAllOfIt() {
    for (Member participant : List.of(bob, carol)) {
      plinth
          .as(participant)
          .run(
              tx -> {
                assertThat(conversations.list(tx, PAGE).items()).containsExactly(get(tx));
                assertThat(messages.list(tx, both.room(), PAGE).items()).containsExactly(said);
                assertThat(messages.history(tx, said.id(), PAGE).items())
                    .extracting(MessageEdit::previousBody)
                    .containsExactly(SECRET);
              });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*)::int FROM plinth_tasks.chat_conversations",
        "SELECT count(*)::int FROM plinth_tasks.chat_messages",
        "SELECT count(*)::int FROM plinth_tasks.chat_message_edits",
        "SELECT count(*)::int FROM plinth_tasks.chat_reads",
        "SELECT count(*)::int FROM plinth_tasks.chat_messages WHERE body::integer = 1",
        "SELECT count(*)::int FROM plinth_tasks.chat_messages WHERE body ~ 'merger'",
        "SELECT count(*)::int FROM plinth_base.audit_log WHERE subject_type LIKE '%chat%'",
        "SELECT count(*)::int FROM pg_stats WHERE tablename LIKE 'chat_%'",
      })
  void nobodyElseCountsAnyOfIt(String count, TestDatabase database) throws SQLException {
    onSuperuser(database, "ANALYZE");
    for (Member other : List.of(owner, admin, dave)) {
      int written = plinth.as(other).call(tx -> tx.dsl().fetchSingle(count).get(0, Integer.class));
      int read = plinth.as(other).read(tx -> tx.dsl().fetchSingle(count).get(0, Integer.class));
      assertThat(List.of(written, read)).as(other.displayName()).containsExactly(0, 0);
    }
    int machinery =
        plinth
            .asService(acme.id(), "job")
            .call(tx -> tx.dsl().fetchSingle(count).get(0, Integer.class));
    assertThat(machinery).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"conversations", "messages", "message_edits", "reads"})
  void theSystemHasNoRightToReadOrChangeIt(String table) {
    for (String sql :
        List.of(
            "SELECT FROM plinth_tasks.chat_" + table,
            "SELECT count(organization_id) FROM plinth_tasks.chat_" + table,
            "INSERT INTO plinth_tasks.chat_" + table + " DEFAULT VALUES",
            "DELETE FROM plinth_tasks.chat_" + table,
            "UPDATE plinth_tasks.chat_" + table + " SET created_at = created_at")) {
      assertThatExceptionOfType(AccessDeniedException.class)
          .as(sql)
          .isThrownBy(() -> plinth.asSystem("curious").run(tx -> tx.dsl().execute(sql)));
    }
  }

  @Test
  void theOwnerOfTheSchemaSeesNoneEither(TestDatabase database) throws SQLException {
    try (Connection connection = database.owner().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT (SELECT count(*) FROM plinth_tasks.chat_messages)"
                    + " + (SELECT count(*) FROM plinth_tasks.chat_conversations)"
                    + " + (SELECT count(*) FROM plinth_tasks.chat_message_edits)"
                    + " + (SELECT count(*) FROM plinth_tasks.chat_reads)")) {
      row.next();
      assertThat(row.getInt(1)).isZero();
    }
  }

  /** Whatever somebody else tries with the services, ids that are there and not are one. */
  @Test
  void servicesTellOthersTheSameOfWhatIsThereAndWhatIsNot() {
    for (Member other : List.of(owner, admin, dave)) {
      sameFor(other, (tx, room, message) -> conversations.get(tx, room));
      sameFor(other, (tx, room, message) -> messages.list(tx, Room.conversation(room), PAGE));
      sameFor(
          other,
          (tx, room, message) ->
              messages.post(tx, Room.conversation(room), NewMessage.saying("hi")));
      sameFor(other, (tx, room, message) -> messages.markRead(tx, Room.conversation(room), 0));
      sameFor(other, (tx, room, message) -> messages.get(tx, message));
      sameFor(other, (tx, room, message) -> messages.thread(tx, message, PAGE));
      sameFor(other, (tx, room, message) -> messages.history(tx, message, PAGE));
      sameFor(other, (tx, room, message) -> messages.edit(tx, message, 1, MessageText.of("x")));
      sameFor(other, (tx, room, message) -> messages.delete(tx, message, 1));
      sameFor(
          other,
          (tx, room, message) ->
              messages.post(
                  tx,
                  conversations.open(tx, Set.of(bob.userId())).room(),
                  NewMessage.saying("hi").inReplyTo(message)));
    }
  }

  /** By hand, too: no constraint, no key and no count says which ids there are. */
  @Test
  void statementsTellOthersTheSameOfWhatIsThereAndWhatIsNot() {
    String message =
        "INSERT INTO plinth_tasks.chat_messages (organization_id, conversation_id, body%s)"
            + " SELECT plinth_base.current_organization_id(), ?, 'x'%s";
    for (Member other : List.of(owner, admin, dave)) {
      sameFor(other, message.formatted("", ""));
      sameFor(other, message.formatted(", reply_to_sequence", ", 1"));
      sameFor(other, message.formatted(", sequence", ", 1"));
      sameFor(other, message.formatted(", participant_ids", ", " + participants(other)));
      sameFor(
          other,
          "INSERT INTO plinth_tasks.chat_reads (organization_id, conversation_id)"
              + " SELECT plinth_base.current_organization_id(), ?");
      sameFor(
          other,
          "INSERT INTO plinth_tasks.chat_conversations (organization_id, id, participant_ids)"
              + " SELECT plinth_base.current_organization_id(), ?, "
              + participants(other));
      sameFor(other, "UPDATE plinth_tasks.chat_conversations SET last_sequence = 9 WHERE id = ?");
      sameFor(other, "UPDATE plinth_tasks.chat_messages SET body = '' WHERE room_id = ?");
      sameFor(other, "UPDATE plinth_tasks.chat_reads SET last_read_sequence = 1 WHERE room_id = ?");
      sameFor(other, "DELETE FROM plinth_tasks.chat_message_edits WHERE id <> ?");
      sameFor(other, "SELECT FROM plinth_tasks.chat_conversations WHERE id = ? FOR UPDATE");
    }
  }

  /** The unique set of participants tells nobody who talks with whom. */
  @Test
  void nobodyFindsOutByOpeningTheConversationOfOthers() {
    String open =
        "INSERT INTO plinth_tasks.chat_conversations (organization_id, participant_ids)"
            + " SELECT plinth_base.current_organization_id(), array_agg(u ORDER BY u)"
            + " FROM unnest(ARRAY[?, ?]::uuid[]) u%s";
    for (String conflict : List.of("", " ON CONFLICT DO NOTHING")) {
      String sql = open.formatted(conflict);
      Throwable there = thrown(dave, tx -> tx.dsl().execute(sql, bob.userId(), carol.userId()));
      Throwable notThere = thrown(dave, tx -> tx.dsl().execute(sql, bob.userId(), admin.userId()));

      assertThat(there).isInstanceOf(AccessDeniedException.class);
      assertThat(notThere).hasSameClassAs(there).hasMessage(there.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE plinth_tasks.chat_conversations SET participant_ids = participant_ids",
        "UPDATE plinth_tasks.chat_messages SET participant_ids = NULL",
        "UPDATE plinth_tasks.chat_messages SET conversation_id = NULL",
        "UPDATE plinth_tasks.chat_messages SET author_id = author_id",
        "UPDATE plinth_tasks.chat_message_edits SET previous_body = ''",
        "UPDATE plinth_tasks.chat_reads SET conversation_id = conversation_id",
        "INSERT INTO plinth_tasks.chat_message_edits DEFAULT VALUES",
        "DELETE FROM plinth_tasks.chat_conversations",
        "DELETE FROM plinth_tasks.chat_messages",
        "DELETE FROM plinth_tasks.chat_reads",
      })
  void notEvenAParticipantMovesWhatIsPrivateElsewhere(String sql) {
    assertThat(thrown(bob, tx -> tx.dsl().execute(sql))).isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void anAdminAmongTheParticipantsIsOneOfThemAndNoMore() {
    Conversation three =
        plinth.as(bob).call(tx -> conversations.open(tx, Set.of(carol.userId(), admin.userId())));
    Message hers =
        plinth.as(carol).call(tx -> messages.post(tx, three.room(), NewMessage.saying("mine")));
    String byHand = "UPDATE plinth_tasks.chat_messages SET deleted_at = now() WHERE id = ?";

    assertThat(thrown(admin, tx -> messages.delete(tx, hers.id(), 1)))
        .isInstanceOf(AccessDeniedException.class);
    int changed = plinth.as(admin).call(tx -> tx.dsl().execute(byHand, hers.id()));
    assertThat(changed).isZero();
    assertThat(three.id()).isNotEqualTo(both.id());
  }

  /** plinth_system sees notifications, and so might whoever administers the host. */
  @Test
  void theNotificationOfAMentionSaysNothingOfIt(TestDatabase database) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT string_agg(to_jsonb(n)::text, ' ') FROM plinth_base.notifications n"
                    + " WHERE organization_id = '"
                    + acme.id()
                    + "'")) {
      row.next();
      assertThat(row.getString(1))
          .contains("chat.mentioned", carol.userId().toString())
          .doesNotContain("merger", bob.userId().toString(), both.id().toString());
    }
  }

  @Test
  void whoLeftTheOrganizationSeesItNoMore() {
    plinth.as(owner).run(tx -> plinth.members().remove(tx, carol.userId(), carol.version()));

    assertThat(thrown(carol, tx -> conversations.list(tx, PAGE)))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(plinth.as(bob).call(tx -> messages.list(tx, both.room(), PAGE)).items()).hasSize(1);
  }

  private interface Attempt {
    Object with(TenantTx tx, UUID conversation, UUID message);
  }

  private void sameFor(Member other, Attempt attempt) {
    UUID noRoom = UUID.randomUUID();
    UUID noMessage = UUID.randomUUID();
    Throwable there = thrown(other, tx -> attempt.with(tx, both.id(), said.id()));
    Throwable notThere = thrown(other, tx -> attempt.with(tx, noRoom, noMessage));

    assertThat(there).isInstanceOf(NotFoundException.class);
    assertThat(notThere).isInstanceOf(NotFoundException.class);
    assertThat(masked(there, both.id(), said.id())).isEqualTo(masked(notThere, noRoom, noMessage));
  }

  private static String masked(Throwable failure, UUID conversation, UUID message) {
    return failure.toString().replace(conversation + "", "?").replace(message + "", "?");
  }

  private void sameFor(Member other, String sql) {
    String there = outcome(other, sql, both.id());
    String notThere = outcome(other, sql, UUID.randomUUID());

    assertThat(there).as(sql).isEqualTo(notThere).isNotEqualTo("1");
  }

  /** How many rows, or all that the server says. */
  private String outcome(Member other, String sql, UUID id) {
    String[] outcome = new String[1];
    Throwable failure =
        catchThrowable(
            () -> plinth.as(other).run(tx -> outcome[0] = "" + tx.dsl().execute(sql, id)));
    if (failure == null) {
      return outcome[0];
    }
    assertThat(failure).isInstanceOf(PlinthException.class);
    return failure + " " + failure.getCause();
  }

  private Throwable thrown(Member who, TxAction<TenantTx, RuntimeException> action) {
    return catchThrowable(() -> plinth.as(who).run(action));
  }

  private String participants(Member other) {
    return "(SELECT array_agg(u ORDER BY u) FROM unnest(ARRAY['%s', '%s', '%s']::uuid[]) u)"
        .formatted(bob.userId(), carol.userId(), other.userId());
  }

  private Conversation get(TenantTx tx) {
    return conversations.get(tx, both.id());
  }

  private static void onSuperuser(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
