package dev.plinth.benchmarks;

import dev.plinth.base.Plinth;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * {@code migrate()} of base and projects, from empty and with nothing to do; beside the same DDL,
 * and the least that asks whether it is there, by JDBC. The JVM is warm.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 10)
@Measurement(iterations = 20)
public class MigrateDatabase {

  /** A database for each call. */
  @State(Scope.Benchmark)
  public static class Empty {

    private TestDatabase database = TestServer.shared().empty();
    private Plinth plinth = on(database);
    private String ddl = plinth.printMigrations();

    /** Makes it. */
    @Setup(Level.Iteration)
    public void make() {
      database.close();
      database = TestServer.shared().empty();
      plinth = on(database);
      ddl = plinth.printMigrations();
    }

    /** Leaves nothing behind. */
    @TearDown
    public void drop() {
      database.close();
    }
  }

  /** One for all of them. */
  @State(Scope.Benchmark)
  public static class Migrated {

    private final TestDatabase database =
        TestServer.shared().migrated(List.of(new ProjectsModule()));
    private final Plinth plinth = on(database);

    /** Leaves nothing behind. */
    @TearDown
    public void drop() {
      database.close();
    }
  }

  /** Makes roles, grants and schemas. */
  @Benchmark
  public void fromEmpty(Empty empty) {
    empty.plinth.migrate();
  }

  /** Runs the same as one text. */
  @Benchmark
  public void fromEmptyByJdbc(Empty empty) throws SQLException {
    try (Connection connection = empty.database.owner().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(empty.ddl);
    }
  }

  /** Compares everything, and finds it as it should be. */
  @Benchmark
  public void nothingToDo(Migrated migrated) {
    migrated.plinth.migrate();
  }

  /** Asks one question on a new connection, as Plinth has to make one too. */
  @Benchmark
  public String nothingToDoByJdbc(Migrated migrated) throws SQLException {
    try (Connection connection = migrated.database.owner().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT max(version) FROM plinth_projects.migration_history")) {
      row.next();
      return row.getString(1);
    }
  }

  private static Plinth on(TestDatabase database) {
    return Plinth.builder()
        .dataSource(database.host())
        .migrationDataSource(database.owner())
        .modules(new ProjectsModule())
        .build();
  }
}
