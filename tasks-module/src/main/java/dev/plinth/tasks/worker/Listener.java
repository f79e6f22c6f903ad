package dev.plinth.tasks.worker;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears that something was enqueued or cancelled, on a connection of its own. Without it the worker
 * finds out all the same, when it looks.
 */
final class Listener implements Runnable {

  /** Where enqueuing transactions say it: {@code organization:queue}, or with cancel and a task. */
  static final String CHANNEL = "plinth_tasks";

  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final int PATIENCE_MILLIS = 500;

  /** After so many silences it asks whether the connection still is one. */
  private static final int SILENCES = 20;

  private final DataSource dataSource;
  private final Shop shop;
  private final Rotation rotation;
  private final Keeper keeper;
  private volatile boolean closing;
  private boolean troubled;

  Listener(DataSource dataSource, Shop shop, Keeper keeper) {
    this.keeper = keeper;
    this.dataSource = dataSource;
    this.shop = shop;
    this.rotation = shop.rotation();
  }

  void close() {
    closing = true;
  }

  @Override
  public void run() {
    try {
      while (!closing) {
        tryToListen();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tryToListen() throws InterruptedException {
    try (Connection connection = dataSource.getConnection()) {
      listen(connection);
    } catch (SQLException | RuntimeException e) {
      if (!troubled && !closing) {
        LOG.warn("Nothing is heard of new tasks; they are found by looking", e);
      }
      troubled = true;
      TimeUnit.MILLISECONDS.sleep(PATIENCE_MILLIS);
    }
  }

  private void listen(Connection connection) throws SQLException {
    PGConnection driver = connection.unwrap(PGConnection.class);
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + CHANNEL);
      try {
        troubled = false;
        // What was said while nobody listened.
        rotation.anything();
        shop.work().ring();
        hear(driver, statement);
      } finally {
        statement.execute("UNLISTEN " + CHANNEL);
      }
    }
    connection.setAutoCommit(autoCommit);
  }

  private void hear(PGConnection connection, Statement statement) throws SQLException {
    int silences = 0;
    while (!closing) {
      PGNotification[] heard = connection.getNotifications(PATIENCE_MILLIS);
      if (heard == null || heard.length == 0) {
        if (++silences % SILENCES == 0) {
          statement.execute("SELECT 1");
        }
      } else {
        for (PGNotification news : heard) {
          hear(news.getParameter());
        }
        shop.work().ring();
      }
    }
  }

  /** Whoever may connect may say anything here. */
  private void hear(String news) {
    String[] parts = news.split(":", -1);
    try {
      UUID organization = UUID.fromString(parts[0]);
      if (parts.length == 2 && shop.settings().queues().contains(parts[1])) {
        rotation.news(new Waiting(organization, parts[1]));
      } else if (parts.length == 3) {
        shop.held(UUID.fromString(parts[2]))
            .filter(attempt -> attempt.claim().organization().equals(organization))
            .ifPresent(
                attempt -> {
                  attempt.doubt();
                  keeper.soon();
                });
      }
    } catch (IllegalArgumentException e) {
      LOG.debug("Not understood: {}", news, e);
    }
  }
}
