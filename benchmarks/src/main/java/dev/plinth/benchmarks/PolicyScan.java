package dev.plinth.benchmarks;

import dev.plinth.base.Plinth;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
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

/** A scan of 100,000 rows under the policy; beside the same by a superuser, whom none binds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class PolicyScan {

  private static final String FILL =
      """
      SET session_replication_role = replica;
      INSERT INTO plinth_base.workspaces (organization_id, slug, name)
      SELECT '%s', 'team-' || i, 'Team ' || i FROM generate_series(1, 100000) AS i;
      VACUUM ANALYZE plinth_base.workspaces;
      """;

  private static final String SCAN =
      "SELECT sum(length(name)) FROM plinth_base.workspaces WHERE organization_id = ?";

  private final TestDatabase database = TestServer.shared().migrated(List.of());
  private final DataSource superusers = database.superuserPool();
  private final Plinth plinth = Plinth.builder().dataSource(database.host()).build();
  private BenchmarkTenant tenant = new BenchmarkTenant(new UUID(0, 0), new UUID(0, 0));

  /** A hundred thousand teams. */
  @Setup
  public void fill() throws SQLException {
    tenant = BenchmarkTenant.in(plinth);
    try (Connection connection = superusers.getConnection();
        Statement statement = connection.createStatement()) {
      for (String step : FILL.formatted(tenant.organization()).split(";\n", -1)) {
        statement.execute(step);
      }
      statement.execute("RESET session_replication_role");
    }
  }

  /** As {@code plinth_reader}, in a transaction of Plinth's. */
  @Benchmark
  public long plinth() {
    return plinth
        .as(tenant.organization(), tenant.user())
        .read(
            tx -> {
              Long sum = tx.dsl().fetchSingle(SCAN, tenant.organization()).get(0, Long.class);
              return sum == null ? 0 : sum;
            });
  }

  /** As a superuser, in a transaction by hand. */
  @Benchmark
  public long withoutPolicy() throws SQLException {
    try (Connection connection = superusers.getConnection()) {
      connection.setAutoCommit(false);
      long sum;
      try (PreparedStatement query = connection.prepareStatement(SCAN)) {
        query.setObject(1, tenant.organization());
        try (ResultSet row = query.executeQuery()) {
          row.next();
          sum = row.getLong(1);
        }
      }
      connection.commit();
      connection.setAutoCommit(true);
      return sum;
    }
  }

  /** Leaves nothing behind. */
  @TearDown
  public void drop() {
    database.close();
  }
}
