package dev.plinth.tasks.queue;

import dev.plinth.testing.Eventually;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** What workers hear while something is done. */
public final class Notices {

  private static final String END = "end";

  private Notices() {}

  /** What was said until the work was done, in its order. */
  public static List<String> heard(TestDatabase database, Runnable work) throws SQLException {
    List<String> heard = new ArrayList<>();
    try (Connection connection = database.owner().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("LISTEN plinth_tasks");
      work.run();
      statement.execute("NOTIFY plinth_tasks, '" + END + "'");
      PGConnection listening = connection.unwrap(PGConnection.class);
      Eventually.is(
          "the end is heard",
          () -> {
            collect(listening, heard);
            return heard.contains(END);
          });
    }
    heard.remove(END);
    return heard;
  }

  private static void collect(PGConnection listening, List<String> heard) {
    try {
      for (PGNotification notification : listening.getNotifications(10)) {
        heard.add(notification.getParameter());
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
