package dev.plinth.benchmarks.task;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** How the hand-written loop records that a batch of jobs has run. */
enum JdbcCompletion {
  DELETE_PER_BATCH("DELETE FROM jobs WHERE id = ANY (?)"),
  UPDATE_PER_BATCH("UPDATE jobs SET state = 'done', finished_at = now() WHERE id = ANY (?)"),
  DELETE_PER_JOB("DELETE FROM jobs WHERE id = ?");

  private final String sql;

  JdbcCompletion(String sql) {
    this.sql = sql;
  }

  /** Records the batch; each job in a transaction of its own, if so it is called. */
  void record(Connection connection, List<JdbcJobs.Job> batch) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      if (this == DELETE_PER_JOB) {
        for (JdbcJobs.Job job : batch) {
          statement.setLong(1, job.id());
          statement.executeUpdate();
        }
      } else {
        Object[] ids = batch.stream().map(JdbcJobs.Job::id).toArray();
        statement.setArray(1, connection.createArrayOf("bigint", ids));
        statement.executeUpdate();
      }
    }
  }
}
