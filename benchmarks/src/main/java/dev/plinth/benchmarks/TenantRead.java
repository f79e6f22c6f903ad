package dev.plinth.benchmarks;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.telemetry.Telemetry;
import dev.plinth.base.telemetry.TransactionEnd;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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

/** One row by its key, in a transaction of a tenant; beside JDBC that does as much by hand. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class TenantRead {

  static final String BY_KEY =
      "SELECT organization_id, id, user_id, role, display_name, avatar_url, left_at, created_at, updated_at, version"
          + " FROM plinth_base.organization_members WHERE organization_id = ? AND user_id = ? AND left_at IS NULL";

  private static final String BEGIN =
      "SELECT plinth_base.begin_tenant(?, ?, NULL, false, NULL), now()";

  private final TestDatabase database = TestServer.shared().migrated(List.of());
  private final DataSource pool = database.host();
  private final Plinth plinth = Plinth.builder().dataSource(pool).build();
  private final Plinth watched =
      Plinth.builder()
          .dataSource(pool)
          .telemetry(new Counting())
          .logSlowStatements(Duration.ofHours(1))
          .build();
  private BenchmarkTenant tenant = new BenchmarkTenant(new UUID(0, 0), new UUID(0, 0));

  /** One organization with its owner. */
  @Setup
  public void fill() {
    tenant = BenchmarkTenant.in(plinth);
  }

  /** Begin, check of organization and membership, the row, commit. */
  @Benchmark
  public Member plinth() {
    return read(plinth);
  }

  /** The same with telemetry, and a threshold for slow statements that none reaches. */
  @Benchmark
  public Member plinthWatched() {
    return read(watched);
  }

  private Member read(Plinth by) {
    return by.as(tenant.organization(), tenant.user())
        .call(tx -> by.members().get(tx, tenant.user()));
  }

  /** The same by hand, without the check: begin, two settings, role, the row, commit. */
  @Benchmark
  public String jdbc() throws SQLException {
    return jdbc(tenant::enter);
  }

  /** The same by hand, with Plinth's own check: what is left to jOOQ and the guards. */
  @Benchmark
  public String jdbcWithTheCheck() throws SQLException {
    return jdbc(
        connection -> {
          try (PreparedStatement begin = connection.prepareStatement(BEGIN)) {
            begin.setObject(1, tenant.organization());
            begin.setObject(2, tenant.user());
            begin.execute();
          }
        });
  }

  private interface Entry {
    void into(Connection connection) throws SQLException;
  }

  private String jdbc(Entry entry) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      entry.into(connection);
      String name = displayName(connection, tenant);
      connection.commit();
      connection.setAutoCommit(true);
      return name;
    }
  }

  static String displayName(Connection connection, BenchmarkTenant tenant) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(BY_KEY)) {
      query.setObject(1, tenant.organization());
      query.setObject(2, tenant.user());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getString("display_name");
      }
    }
  }

  private static final class Counting implements Telemetry {

    private final AtomicLong transactions = new AtomicLong();

    @Override
    public void transactionEnded(TransactionEnd end) {
      transactions.incrementAndGet();
    }
  }

  /** Three round trips with nothing to do: what any transaction costs here. */
  @Benchmark
  public boolean emptyTransaction() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      boolean first = statement.execute("SELECT 1");
      boolean second = statement.execute("SELECT 2");
      connection.commit();
      connection.setAutoCommit(true);
      return first && second;
    }
  }

  /** Leaves nothing behind. */
  @TearDown
  public void drop() {
    database.close();
  }
}
