package dev.plinth.tasks.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.tenancy.TxAction;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The lists and counts of the services as plinth_app runs them, among 100,000 messages of 20 rooms:
 * how many rows were read, which is what a call costs; and the plan of the count, which is asked
 * most often.
 */
@PlinthTest(TasksModule.class)
class ChatPlansTest {

  private static final int ROOMS = 20;
  private static final int EACH = 5_000;

  /** What this transaction read of the tables of the chat. */
  private static final String READ =
      """
      SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::bigint FROM pg_stat_xact_user_tables
      WHERE schemaname = 'plinth_tasks' AND relname LIKE 'chat_%'
      """;

  /** As ReadQueries asks it, for one room. */
  private static final String COUNT =
      """
      EXPLAIN SELECT count(*) FROM (
        SELECT FROM plinth_tasks.chat_messages m
        WHERE m.organization_id = ? AND (m.participant_ids IS NULL OR ? = ANY (m.participant_ids))
          AND m.room_id = ? AND m.sequence > 4900 AND m.deleted_at IS NULL AND m.author_id IS DISTINCT FROM ?
        LIMIT 1000) c
      """;

  private Plinth plinth;
  private Messages messages;
  private Member alice;
  private Member bob;
  private Room both;
  private List<Room> rooms;

  @BeforeEach
  void fill(
      Plinth plinth,
      TestDatabase database,
      Channels channels,
      Conversations conversations,
      Messages messages,
      Organization acme,
      Member alice,
      Member bob)
      throws SQLException {
    this.plinth = plinth;
    this.messages = messages;
    this.alice = alice;
    this.bob = bob;
    this.rooms =
        IntStream.range(1, ROOMS)
            .mapToObj(i -> channel(channels, "room-" + i))
            .map(Channel::room)
            .toList();
    this.both = plinth.as(alice).call(tx -> conversations.open(tx, Set.of(bob.userId()))).room();
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET session_replication_role = replica");
      statement.execute(rows("chat_channels", "channel_id", "NULL"));
      statement.execute(rows("chat_conversations", "conversation_id", "r.participant_ids"));
      statement.execute("UPDATE plinth_tasks.chat_channels SET last_sequence = " + EACH);
      statement.execute("UPDATE plinth_tasks.chat_conversations SET last_sequence = " + EACH);
      statement.execute("VACUUM ANALYZE");
    }
  }

  /** Bob wrote all of it, each hundredth message is in a thread. */
  private String rows(String table, String column, String participants) {
    return """
        INSERT INTO plinth_tasks.chat_messages
          (organization_id, %s, participant_ids, sequence, author_id, body, reply_to_sequence)
        SELECT r.organization_id, r.id, %s, i, '%s', 'message ' || i, CASE WHEN i %% 100 = 0 THEN 1 END
        FROM plinth_tasks.%s r, generate_series(1, %d) i
        WHERE r.organization_id = '%s'
        """
        .formatted(column, participants, bob.userId(), table, EACH, bob.organizationId());
  }

  @Test
  void aCallCostsWhatItReturns() {
    for (Room room : List.of(rooms.get(0), both)) {
      Message first = plinth.as(alice).read(tx -> oldest(tx, room));
      PageRequest page = PageRequest.first(50);
      assertThat(cost(tx -> messages.list(tx, room, page))).isLessThan(150);
      assertThat(cost(tx -> messages.thread(tx, first.id(), page))).isLessThan(150);
      assertThat(cost(tx -> messages.history(tx, first.id(), page))).isLessThan(10);
      assertThat(cost(tx -> messages.markRead(tx, room, EACH - 100))).isLessThan(300);
    }
  }

  @Test
  void theUnreadOfAllRoomsCostWhatIsUnread() {
    for (Room room : rooms) {
      plinth.as(alice).run(tx -> messages.markRead(tx, room, EACH - 10));
    }
    plinth.as(alice).run(tx -> messages.markRead(tx, both, EACH - 10));

    assertThat(cost(tx -> messages.unread(tx, PageRequest.first(100)))).isLessThan(500);
  }

  @Test
  void nobodyPaysForMoreThanAThousand() {
    List<Unread> unread =
        plinth.as(alice).read(tx -> messages.unread(tx, PageRequest.first(100))).items();

    assertThat(unread).hasSize(ROOMS).allMatch(room -> room.count() == Unread.MOST);
    assertThat(cost(tx -> messages.unread(tx, PageRequest.first(100))))
        .isLessThan(ROOMS * 1_000L + 200);
  }

  @Test
  void theUnreadAreCountedByTheIndex() {
    for (Room room : List.of(rooms.get(0), both)) {
      UUID user = alice.userId();
      String plan =
          plinth
              .as(alice)
              .read(
                  tx ->
                      tx.dsl()
                          .fetch(COUNT, tx.organizationId(), user, room.id(), user)
                          .formatCSV());

      assertThat(plan)
          .contains("Index Scan using chat_messages_sequence_uq", "One-Time Filter")
          .containsPattern("Index Cond: \\(\\(organization_id = .*room_id = .*sequence > ")
          .doesNotContain("Seq Scan");
    }
  }

  private Message oldest(TenantTx tx, Room room) {
    String sql = "SELECT id FROM plinth_tasks.chat_messages WHERE room_id = ? AND sequence = 1";
    return messages.get(tx, tx.dsl().fetchSingle(sql, room.id()).get(0, UUID.class));
  }

  private long cost(TxAction<TenantTx, RuntimeException> call) {
    return plinth
        .as(alice)
        .call(
            tx -> {
              long before = tx.dsl().fetchSingle(READ).get(0, Long.class);
              call.accept(tx);
              return tx.dsl().fetchSingle(READ).get(0, Long.class) - before;
            });
  }

  private Channel channel(Channels channels, String name) {
    return plinth.as(alice).call(tx -> channels.create(tx, NewChannel.named(name)));
  }
}
