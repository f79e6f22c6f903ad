package dev.plinth.benchmarks;

import static dev.plinth.base.jooq.Tables.WORKSPACES;

import dev.plinth.base.Plinth;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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

/** One row inserted by a member in a transaction of its own; beside JDBC that does as much. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class TenantInsert {

  private static final String INSERT =
      "INSERT INTO plinth_base.workspaces (organization_id, slug, name) VALUES (?, ?, ?) RETURNING id";

  private final TestDatabase database = TestServer.shared().migrated(List.of());
  private final DataSource pool = database.host();
  private final Plinth plinth = Plinth.builder().dataSource(pool).build();
  private BenchmarkTenant tenant = new BenchmarkTenant(new UUID(0, 0), new UUID(0, 0));
  private int count;

  /** One organization with its owner. */
  @Setup
  public void fill() {
    tenant = BenchmarkTenant.in(plinth);
  }

  /** Begin, check of organization and membership, the row, commit. */
  @Benchmark
  public UUID plinth() {
    String slug = "w" + count++;
    return plinth
        .as(tenant.organization(), tenant.user())
        .call(
            tx ->
                tx.dsl()
                    .insertInto(WORKSPACES)
                    .set(WORKSPACES.ORGANIZATION_ID, tx.organizationId())
                    .set(WORKSPACES.SLUG, slug)
                    .set(WORKSPACES.NAME, slug)
                    .returning(WORKSPACES.ID)
                    .fetchSingle(WORKSPACES.ID));
  }

  /** The same by hand, without the check: begin, three settings, role, the row, commit. */
  @Benchmark
  public UUID jdbc() throws SQLException {
    String slug = "w" + count++;
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      tenant.enterToWrite(connection);
      UUID id;
      try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
        insert.setObject(1, tenant.organization());
        insert.setString(2, slug);
        insert.setString(3, slug);
        try (ResultSet row = insert.executeQuery()) {
          row.next();
          id = row.getObject(1, UUID.class);
        }
      }
      connection.commit();
      connection.setAutoCommit(true);
      return id;
    }
  }

  /** Leaves nothing behind. */
  @TearDown
  public void drop() {
    database.close();
  }
}
