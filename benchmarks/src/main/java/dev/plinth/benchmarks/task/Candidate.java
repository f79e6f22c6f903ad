package dev.plinth.benchmarks.task;

import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** The contenders that are compared, by the names under which they are reported. */
enum Candidate {
  /** Where it does not matter how completion is recorded. */
  JDBC("JDBC", url -> new JdbcContender(url, JdbcCompletion.DELETE_PER_BATCH)),
  JDBC_DELETE_PER_BATCH(
      "JDBC, delete per batch", url -> new JdbcContender(url, JdbcCompletion.DELETE_PER_BATCH)),
  JDBC_UPDATE_PER_BATCH(
      "JDBC, update per batch", url -> new JdbcContender(url, JdbcCompletion.UPDATE_PER_BATCH)),
  JDBC_DELETE_PER_JOB(
      "JDBC, delete per job", url -> new JdbcContender(url, JdbcCompletion.DELETE_PER_JOB)),
  JDBC_NOTIFY("JDBC, LISTEN/NOTIFY", NotifyContender::new),
  DB_SCHEDULER("db-scheduler", url -> new DbSchedulerContender(url, Duration.ofMillis(100))),
  DB_SCHEDULER_DEFAULT(
      "db-scheduler, its default poll",
      url -> new DbSchedulerContender(url, Duration.ofSeconds(10))),
  JOBRUNR("JobRunr", JobRunrContender::new),
  PLINTH("Plinth", url -> new PlinthContender(url, false)),
  PLINTH_PER_TASK("Plinth, a transaction per task", url -> new PlinthContender(url, true));

  /** Those that differ in how they enqueue. */
  static final List<Candidate> THAT_ENQUEUE = List.of(JDBC, DB_SCHEDULER, JOBRUNR, PLINTH);

  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // it opens, and holds nothing
  private final Function<String, Contender> contender;

  Candidate(String title, Function<String, Contender> contender) {
    this.title = title;
    this.contender = contender;
  }

  String title() {
    return title;
  }

  private boolean ours() {
    return this == PLINTH || this == PLINTH_PER_TASK;
  }

  /** A database for one run. */
  TestDatabase database() {
    return ours()
        ? TestServer.shared().migrated(List.of(new TasksModule()))
        : TestServer.shared().empty();
  }

  /**
   * How its processes reach that database: Plinth as a host does, under policies; on the tables of
   * the others there are none, whoever they are.
   */
  String url(TestDatabase database) {
    return ours() ? database.hostUrl() : database.superuserUrl();
  }

  /** The contender in this process. */
  Contender open(String url) {
    return contender.apply(url);
  }
}
