package dev.plinth.benchmarks;

import dev.plinth.projects.ProjectsModule;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A migrated database for a test class, made and dropped; beside an empty one by plain JDBC. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 5)
public class CloneDatabase {

  private static final List<ProjectsModule> MODULES = List.of(new ProjectsModule());

  private final TestDatabase admin = TestServer.shared().empty();

  /** Migrates the template, which is not measured. */
  @Setup
  public void migrateTheTemplate() {
    TestServer.shared().migrated(MODULES).close();
  }

  /** What the test kit does for each class. */
  @Benchmark
  public void migratedDatabase() {
    TestServer.shared().migrated(MODULES).close();
  }

  /** The least that PostgreSQL asks for any new database. */
  @Benchmark
  public void emptyDatabaseByJdbc() throws SQLException {
    try (Connection connection = admin.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE benchmark_empty");
      statement.execute("DROP DATABASE benchmark_empty");
    }
  }

  /** Leaves nothing behind. */
  @TearDown
  public void drop() {
    admin.close();
  }
}
