package dev.plinth.tasks.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages become visible in the order of their numbers, whoever posts at once. */
@PlinthTest(TasksModule.class)
class MessageOrderTest {

  private static final int SENDERS = 6;
  private static final int EACH = 30;

  private final ExecutorService executor = Executors.newFixedThreadPool(SENDERS + 1);

  private Plinth plinth;
  private Channels channels;
  private Messages messages;
  private Member alice;
  private Member bob;

  @BeforeEach
  void prepare(
      Plinth plinth,
      Channels channels,
      Messages messages,
      Organization acme,
      Member alice,
      Member bob) {
    this.plinth = plinth;
    this.channels = channels;
    this.messages = messages;
    this.alice = alice;
    this.bob = bob;
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  /** The mark of the reader is the last number seen: nothing that comes later is below it. */
  @Test
  void aReadersMarkNeverJumpsOverAMessageThatIsCommittedLater() throws Exception {
    Room room = channel("busy");
    plinth.as(bob).run(tx -> channels.join(tx, room.id()));
    List<Callable<Long>> senders = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      senders.add(() -> sendAll(room));
    }
    Future<List<Long>> reader = executor.submit(() -> readAll(room));
    for (Future<Long> sender : executor.invokeAll(senders)) {
      sender.get();
    }

    assertThat(reader.get())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, SENDERS * EACH).boxed().toList());
  }

  @Test
  void theSecondOfTwoSendersWaitsForTheFirstAndThenGetsTheNextNumber(TestDatabase database)
      throws Exception {
    Room room = channel("two");
    CountDownLatch posted = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(1);
    Future<Long> first =
        executor.submit(
            () ->
                plinth
                    .as(alice)
                    .call(
                        tx -> {
                          long number = messages.post(tx, room, NewMessage.saying("1")).sequence();
                          posted.countDown();
                          waiting.await();
                          return number;
                        }));
    posted.await();
    Future<Long> second = executor.submit(() -> post(room, "2"));
    Eventually.is("the second waits", () -> somebodyWaits(database));
    List<Message> seen =
        plinth.as(bob).read(tx -> messages.list(tx, room, PageRequest.first(10))).items();
    waiting.countDown();

    assertThat(seen).isEmpty();
    assertThat(first.get()).isEqualTo(1);
    assertThat(second.get()).isEqualTo(2);
  }

  @Test
  void whatIsRolledBackLeavesNoGap() {
    Room room = channel("gaps");
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          messages.post(tx, room, NewMessage.saying("lost"));
                          throw new IllegalStateException("host fails");
                        }))
        .hasMessage("host fails");

    assertThat(post(room, "kept")).isEqualTo(1);
  }

  @Test
  void nobodySetsTheCounterOfARoomByHand() {
    Room room = channel("counted");
    String sql = "UPDATE plinth_tasks.chat_channels SET last_sequence = ? WHERE id = ?";

    for (int wrong : new int[] {0, 5}) {
      assertThatThrownBy(() -> plinth.as(alice).run(tx -> tx.dsl().execute(sql, wrong, room.id())))
          .isInstanceOf(AccessDeniedException.class);
    }
  }

  private long sendAll(Room room) {
    long last = 0;
    for (int i = 0; i < EACH; i++) {
      long number = post(room, "message " + i);
      assertThat(number).isGreaterThan(last);
      last = number;
    }
    return last;
  }

  /** Asks again and again for what is unread, and reads it. */
  private List<Long> readAll(Room room) {
    List<Long> read = new ArrayList<>();
    Eventually.is(
        "all is read",
        () -> {
          plinth.as(bob).run(tx -> readMore(messages, room, read, tx));
          return read.size() >= SENDERS * EACH;
        });
    return read;
  }

  private static void readMore(Messages messages, Room room, List<Long> read, TenantTx tx) {
    long mark = messages.unread(tx, PageRequest.first(1)).items().get(0).lastRead();
    List<Long> newer =
        messages.list(tx, room, PageRequest.first(1000)).items().stream()
            .map(Message::sequence)
            .filter(number -> number > mark)
            .sorted()
            .toList();
    if (!newer.isEmpty()) {
      read.addAll(newer);
      messages.markRead(tx, room, newer.get(newer.size() - 1));
    }
  }

  private Room channel(String name) {
    return plinth.as(alice).call(tx -> channels.create(tx, NewChannel.named(name))).room();
  }

  private long post(Room room, String body) {
    return plinth.as(alice).call(tx -> messages.post(tx, room, NewMessage.saying(body))).sequence();
  }

  private static boolean somebodyWaits(TestDatabase database) {
    String sql =
        "SELECT count(*) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND wait_event_type = 'Lock'";
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1) > 0;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
