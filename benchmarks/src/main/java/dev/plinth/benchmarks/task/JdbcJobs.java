package dev.plinth.benchmarks.task;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** A queue as one writes it by hand: a table, a partial index, a claim by lease. */
final class JdbcJobs {

  static final String INSERT = "INSERT INTO jobs (number) VALUES (?)";

  /** Heard by {@link NotifyContender} when the transaction commits. */
  static final String INSERT_AND_NOTIFY =
      "WITH job AS (INSERT INTO jobs (number) VALUES (?) RETURNING id)"
          + " SELECT pg_notify('jobs', '') FROM job";

  private static final int ARRAY = 1_000;

  private static final String TABLE =
      """
      CREATE TABLE jobs (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        number integer NOT NULL,
        state text NOT NULL DEFAULT 'ready',
        leased_until timestamptz,
        finished_at timestamptz
      );
      CREATE INDEX jobs_ready_ix ON jobs (id) WHERE state = 'ready';
      """;

  private static final String CLAIM =
      """
      WITH next AS MATERIALIZED (
        SELECT id FROM jobs WHERE state = 'ready' ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED
      )
      UPDATE jobs SET state = 'running', leased_until = now() + interval '30 s'
        FROM next WHERE jobs.id = next.id
      RETURNING jobs.id, jobs.number
      """;

  private JdbcJobs() {}

  /** A claimed job. */
  record Job(long id, int number) {}

  static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
  }

  static void insert(Connection connection, String sql, int number) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setInt(1, number);
      insert.execute();
    }
  }

  /** Arrays of a thousand, each in a transaction of its own. */
  static void insertAll(Connection connection, int jobs) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO jobs (number) SELECT unnest(?)")) {
      for (int from = 0; from < jobs; from += ARRAY) {
        Object[] numbers =
            IntStream.range(from, Math.min(from + ARRAY, jobs)).boxed().toArray(Object[]::new);
        insert.setArray(1, connection.createArrayOf("integer", numbers));
        insert.executeUpdate();
      }
    }
  }

  static void insertFinished(Connection connection, int jobs) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO jobs (number, state, finished_at)"
                + " SELECT i, 'done', now() FROM generate_series(1, ?) AS i")) {
      insert.setInt(1, jobs);
      insert.executeUpdate();
    }
  }

  /** Claims, runs and records until nothing is ready. */
  static void drain(Connection connection, JdbcCompletion completion, IntConsumer work)
      throws SQLException {
    for (List<Job> batch = claim(connection); !batch.isEmpty(); batch = claim(connection)) {
      batch.forEach(job -> work.accept(job.number()));
      completion.record(connection, batch);
    }
  }

  private static List<Job> claim(Connection connection) throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(CLAIM);
        ResultSet rows = claim.executeQuery()) {
      List<Job> batch = new ArrayList<>();
      while (rows.next()) {
        batch.add(new Job(rows.getLong(1), rows.getInt(2)));
      }
      return batch;
    }
  }
}
