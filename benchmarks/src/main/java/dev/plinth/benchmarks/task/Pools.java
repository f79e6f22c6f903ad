package dev.plinth.benchmarks.task;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** The pool that every contender gets: auto-commit, and batches of inserts rewritten by pgjdbc. */
final class Pools {

  /** Sixteen workers, and what the contenders do beside them. */
  private static final int SIZE = 20;

  private Pools() {}

  static HikariDataSource on(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(SIZE);
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    return new HikariDataSource(config);
  }
}
