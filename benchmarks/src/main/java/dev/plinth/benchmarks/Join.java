package dev.plinth.benchmarks;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
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

/**
 * One row by its key inside a transaction that the host has open; beside JDBC that sets a
 * savepoint, enters, reads, and leaves again. The host's transaction ends outside of what is
 * measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class Join {

  private final TestDatabase database = TestServer.shared().migrated(List.of());
  private final Plinth plinth = Plinth.builder().dataSource(database.host()).build();
  private final Connection connection = open();
  private BenchmarkTenant tenant = new BenchmarkTenant(new UUID(0, 0), new UUID(0, 0));

  /** One organization with its owner. */
  @Setup
  public void fill() {
    tenant = BenchmarkTenant.in(plinth);
  }

  /** Savepoint, begin with its check, the row, role and settings back, release. */
  @Benchmark
  public Member plinth() throws SQLException {
    return plinth
        .as(tenant.organization(), tenant.user())
        .join(connection, tx -> plinth.members().get(tx, tenant.user()));
  }

  /** The same by hand, without the check. */
  @Benchmark
  public String jdbc() throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    tenant.enter(connection);
    String name = TenantRead.displayName(connection, tenant);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET LOCAL plinth.organization_id = ''; SET LOCAL plinth.user_id = ''; SET LOCAL ROLE NONE");
    }
    connection.releaseSavepoint(savepoint);
    return name;
  }

  /** Leaves nothing behind. */
  @TearDown
  public void drop() throws SQLException {
    connection.close();
    database.close();
  }

  private Connection open() {
    try {
      Connection opened = database.host().getConnection();
      opened.setAutoCommit(false);
      return opened;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
